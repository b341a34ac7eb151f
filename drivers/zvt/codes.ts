/**
 * Code tables (PA00P015 §10, §11, §3.7) with a sentence for the clerk: what happened, what it means for the money,
 * what to do next. A code that is not here is neither yes nor no.
 */
import type { Progress, Remedy, Verdict } from '../../src/terminal/terminal.ts';

type Subject = 'sale' | 'void' | 'refund' | 'settlement';

/** What it means for the money: the terminal stores nothing when it ends with a code other than 00. */
const MONEY: Readonly<Record<Subject, { done: string; refused: string; doubtful: string }>> = {
  sale: {
    done: '支払いが済みました。',
    refused: '代金は引かれていません。',
    doubtful: '支払われたかどうか、端末に確かめます。もう一度支払いをしないでください。',
  },
  void: {
    done: '取り消しが済みました。',
    refused: '今回の操作で取り消しは行われていません。',
    doubtful: '取り消されたかどうか、端末に確かめます。現金を返さないでください。',
  },
  refund: {
    done: '返金が済みました。',
    refused: '今回の操作で返金は行われていません。',
    doubtful: '返金されたかどうか、端末に確かめます。もう一度返金をしないでください。',
  },
  settlement: {
    done: '端末の日計が済みました。',
    refused: '端末の日計は済んでいません。売上の記録は端末に残っています。',
    doubtful: '端末の日計が済んだかどうか、端末の中間計で確かめてください。売上の記録は失われません。',
  },
};
const OTHER_CARD = '別のカードか方法をお勧めください。';
const AGAIN = 'もう一度お試しください。';
const CALL_SERVICE = '続くときは端末の保守窓口に連絡してください。';

/** What happened and what to do next, per result code (BMP 27, 06 1E, 84 xx; hex). All of these mean "not paid". */
const REFUSAL_TEXTS: Readonly<Record<string, readonly [what: string, next: string]>> = {
  '01': ['カード会社への確認が必要なカードです。', OTHER_CARD],
  '02': ['カード会社への確認が必要なカードです。', OTHER_CARD],
  '03': ['加盟店の登録が確認できませんでした。', CALL_SERVICE],
  '04': ['カード会社が取り扱いを断りました。', OTHER_CARD],
  '05': ['カード会社が承認しませんでした。', OTHER_CARD],
  '06': ['カード会社で処理できませんでした。', AGAIN],
  '0c': ['カード会社が取引を受け付けませんでした。', OTHER_CARD],
  '0d': ['金額が受け付けられませんでした。', '金額を確かめて、もう一度お試しください。'],
  '0e': ['カード番号が確認できませんでした。', OTHER_CARD],
  '0f': ['カードの発行会社が確認できませんでした。', OTHER_CARD],
  '1e': ['カード会社とのやり取りに誤りがありました。', AGAIN],
  '21': ['有効期限が切れているカードです。', OTHER_CARD],
  '22': ['カード会社が取り扱いを断りました。', OTHER_CARD],
  '24': ['利用が制限されているカードです。', OTHER_CARD],
  '29': ['カード会社が取り扱いを断りました。', OTHER_CARD],
  '2b': ['カード会社が取り扱いを断りました。', OTHER_CARD],
  '33': ['残高または利用可能額が足りません。', OTHER_CARD],
  '36': ['有効期限が切れているカードです。', OTHER_CARD],
  '37': ['暗証番号が違います。', 'お客様に確かめて、もう一度お試しください。'],
  '38': ['カードの登録が確認できませんでした。', OTHER_CARD],
  '39': ['このカードでは取り扱えない取引です。', OTHER_CARD],
  '3a': ['この端末では取り扱えない取引です。', OTHER_CARD],
  '3d': ['利用限度額を超えています。', OTHER_CARD],
  '3e': ['利用が制限されているカードです。', OTHER_CARD],
  '41': ['利用回数の限度を超えています。', OTHER_CARD],
  '4b': ['暗証番号を間違えた回数が限度を超えました。', OTHER_CARD],
  '5b': ['カード会社と通信できませんでした。', 'しばらくしてから、もう一度お試しください。'],
  '5c': ['カード会社への経路が見つかりませんでした。', 'しばらくしてから、もう一度お試しください。'],
  '60': ['カード会社で障害が起きています。', '別の方法をお勧めください。'],
  '64': ['カードを読み取れませんでした。', 'カードの向きを確かめて、もう一度お試しください。'],
  '65': ['カードの情報が足りませんでした。', OTHER_CARD],
  '66': ['端末で処理できませんでした。', AGAIN],
  '67': ['デビットでは取り扱えないカードです。', OTHER_CARD],
  '68': ['クレジットでは取り扱えないカードです。', OTHER_CARD],
  '6a': ['端末の記録がいっぱいです。', '端末の日計を行ってください。'],
  '6b': ['端末がこのパソコンを登録していませんでした。', '登録し直しました。もう一度お試しください。'],
  '6e': ['利用が止められているカードです。', OTHER_CARD],
  '6f': ['端末が日本円を受け付けませんでした。', '端末の設定を保守窓口に確かめてください。'],
  '71': ['残高が足りません。', OTHER_CARD],
  '72': ['ICチップを読み取れませんでした。', OTHER_CARD],
  '73': ['カードの情報が正しくありません。', OTHER_CARD],
  '74': ['端末の暗号鍵を使い切りました。', CALL_SERVICE],
  '75': ['端末の表示文が正しいものと確かめられませんでした。', CALL_SERVICE],
  '76': ['登録されていないカードです。', OTHER_CARD],
  '77': ['端末の日計ができませんでした。', 'しばらくしてから、もう一度日計を行ってください。'],
  '78': ['有効期限が切れているカードです。', OTHER_CARD],
  '79': ['まだ使えないカードです。', OTHER_CARD],
  '7a': ['この端末が知らないカードです。', OTHER_CARD],
  '7b': ['磁気では取り扱えないカードです。', OTHER_CARD],
  '7c': ['磁気では取り扱えないカードです。', OTHER_CARD],
  '7d': ['端末の通信部品が応答しません。', CALL_SERVICE],
  '7e': ['磁気では取り扱えないカードです。', OTHER_CARD],
  '83': ['端末がこの操作に対応していません。', CALL_SERVICE],
  '85': ['端末に暗号鍵がありません。', CALL_SERVICE],
  '89': ['暗証番号の入力装置が故障しています。', CALL_SERVICE],
  '9a': ['端末とのやり取りに誤りがありました。', AGAIN],
  '9b': ['カード会社と通信できませんでした。', 'しばらくしてから、もう一度お試しください。'],
  '9c': ['端末が別の処理をしています。', '少し待ってから、もう一度お試しください。'],
  a0: ['端末が受け付けられない状態でした。', AGAIN],
  a1: ['カード会社から応答がありませんでした。', 'しばらくしてから、もう一度お試しください。'],
  a3: ['カード会社と接続できませんでした。', 'しばらくしてから、もう一度お試しください。'],
  a4: ['端末が売上を送信できませんでした。', CALL_SERVICE],
  a5: ['安全基準により取り扱えませんでした。', OTHER_CARD],
  b1: ['端末の記録がいっぱいです。', '端末の日計を行ってください。'],
  b2: ['端末の記録がいっぱいです。', CALL_SERVICE],
  b4: ['すでに取り消されています。', '当日一覧で確かめてください。'],
  b5: ['取り消しができない取引です。', '当日一覧で確かめてください。'],
  b7: ['金額が受け付けられませんでした。', '金額を確かめて、もう一度お試しください。'],
  b8: ['この取引は受け付けられませんでした。', AGAIN],
  bf: ['端末の電源が不安定です。', '電源を確かめてください。'],
  c0: ['端末の扉や鍵が開いています。', '端末を確かめてください。'],
  c1: ['加盟店カードが必要です。', CALL_SERVICE],
  c2: ['端末の点検が必要です。', CALL_SERVICE],
  c3: ['上限額を超えています。', '別の方法をお勧めください。'],
  c4: ['端末の設定が必要です。', CALL_SERVICE],
  c5: ['この端末では取り扱えない支払方法です。', '別の方法をお勧めください。'],
  c6: ['この通貨は取り扱えません。', '端末の設定を保守窓口に確かめてください。'],
  c8: ['金額が小さすぎます。', '別の方法をお勧めください。'],
  c9: ['端末の上限額が小さすぎます。', '別の方法をお勧めください。'],
  cb: ['端末がユーロ以外を受け付けません。', '端末の設定を保守窓口に確かめてください。'],
  cc: ['端末の印刷の準備ができていません。', '用紙を確かめて、もう一度お試しください。'],
  cd: ['この取引は受け付けられませんでした。', OTHER_CARD],
  d2: ['保守用のカードです。', OTHER_CARD],
  dc: ['カードが端末に入ったままです。', 'カードを抜いて、もう一度お試しください。'],
  dd: ['カードを取り出せませんでした。', CALL_SERVICE],
  de: ['カードを差し込めませんでした。', AGAIN],
  e0: ['端末が遠隔保守を待っています。', '終わるまで、別の方法をお勧めください。'],
  e2: ['カードの読み取り部が応答しません。', CALL_SERVICE],
  e3: ['カード差込口が開きません。', CALL_SERVICE],
  e4: ['端末の有効化が必要です。', CALL_SERVICE],
  e7: ['このカードでは扱えない品目です。', OTHER_CARD],
  e8: ['このカードでは扱えない品目です。', OTHER_CARD],
  e9: ['このカードでは扱えない品目です。', OTHER_CARD],
  ea: ['このカードでは扱えない品目です。', OTHER_CARD],
  eb: ['暗証番号を処理できませんでした。', AGAIN],
  ec: ['暗証番号を処理できませんでした。', AGAIN],
  ed: ['暗証番号を処理できませんでした。', AGAIN],
  f0: ['端末の日計が済んでいません。', '端末の日計を行ってください。'],
  f1: ['端末がカード会社とつながらず、単独では取り扱えませんでした。', OTHER_CARD],
  f5: ['端末の設定が必要です。', CALL_SERVICE],
  f6: ['端末の設定が必要です。', CALL_SERVICE],
  fa: ['端末の記録を消せませんでした。', CALL_SERVICE],
  fc: ['端末の部品が応答しません。', CALL_SERVICE],
  fd: ['通信速度の設定が正しくありません。', CALL_SERVICE],
  fe: ['端末の登録に誤りがあります。', CALL_SERVICE],
};

/**
 * Listed, yet no answer to "was it paid?": the turnover record is damaged, the system failed. And of the network's
 * own codes 08, 10, 11 and 16, which ISO 8583 reads as forms of approval.
 */
const DOUBTFUL_CODES = new Set(['fb', 'ff', '08', '0a', '0b', '10']);
/** Abort via time-out or abort key. */
export const CANCELLED_CODE = '6c';

/** 01 to 63 (1 to 99) are codes of the authorisation network; each means that it did not approve (§10). */
function isNetworkCode(code: string): boolean {
  return /^[0-6][0-9a-f]$/.test(code) && parseInt(code, 16) >= 1 && parseInt(code, 16) <= 99;
}

/** What a result code says about the money. `code`: two hex digits, lower case. */
export function verdictOf(code: string): Verdict {
  if (code === '00') return 'approved';
  if (code === CANCELLED_CODE) return 'cancelled';
  if (DOUBTFUL_CODES.has(code)) return 'unlisted';
  return code in REFUSAL_TEXTS || isNetworkCode(code) ? 'declined' : 'unlisted';
}

/** As `verdictOf`, for what ended without a result: 06 1E or 84 xx can't approve anything. */
export function refusalOf(code: string): Exclude<Verdict, 'approved'> {
  const verdict = verdictOf(code);
  return verdict === 'approved' ? 'unlisted' : verdict;
}

/** The clerk's sentence for a result code: what happened, what it means for the money, what to do next. */
export function explainResult(code: string, of: Subject = 'sale'): string {
  const { done, refused, doubtful } = MONEY[of];
  const verdict = verdictOf(code);
  if (verdict === 'approved') return done;
  if (verdict === 'cancelled') return `お客様または時間切れにより中止されました。${refused}${AGAIN}`;
  if (verdict === 'unlisted') {
    return `端末が結果の分からない番号 (${code.toUpperCase()}) を返しました。${doubtful}`;
  }
  const [what, next] = REFUSAL_TEXTS[code] ?? ['カード会社が承認しませんでした。', OTHER_CARD];
  // Another card is no way out where none is presented.
  const isElsewhere = next === OTHER_CARD && of !== 'sale';
  return `${what}${refused}${isElsewhere ? CALL_SERVICE : next}`;
}

/** Terminal status (05 01, §11): can it take a sale, what lifts it (§11), and the sentence for the clerk. */
const STATUSES: Readonly<Record<string, readonly [ready: boolean, remedy: Remedy, sentence: string]>> = {
  '00': [true, 'none', '使えます'],
  '51': [false, 'restore', '端末の初期化が必要です。端末の保守窓口に連絡してください'],
  '62': [false, 'restore', '端末の時計が合っていません。端末の保守窓口に連絡してください'],
  '9c': [false, 'wait', '端末が処理中です。少しお待ちください'],
  '9d': [false, 'wait', '端末が処理中です。少しお待ちください'],
  b1: [false, 'settle', '端末の記録がいっぱいです。端末の日計を行ってください'],
  b2: [false, 'attend', '端末の記録がいっぱいです。端末の保守窓口に連絡してください'],
  bf: [false, 'attend', '端末の電源が不安定です。電源を確かめてください'],
  c0: [false, 'attend', '端末の扉や鍵が開いています。端末を確かめてください'],
  c1: [false, 'restore', '端末の有効期限が切れています。端末の保守窓口に連絡してください'],
  c2: [false, 'restore', '端末の点検が必要です。端末の保守窓口に連絡してください'],
  c4: [false, 'attend', '端末の設定が必要です。端末の保守窓口に連絡してください'],
  cc: [false, 'attend', '端末の印刷の準備ができていません。用紙を確かめてください'],
  dc: [true, 'restore', '端末にカードが入っています'],
  df: [false, 'attend', '端末が故障しています。端末の保守窓口に連絡してください'],
  e0: [false, 'attend', '端末が遠隔保守を待っています。終わるまで別の方法をお勧めください'],
  e1: [false, 'attend', 'カードが抜けきっていません。カードを抜いてください'],
  e2: [false, 'attend', 'カードの読み取り部が応答しません。端末の保守窓口に連絡してください'],
  e3: [false, 'attend', 'カード差込口が開きません。端末の保守窓口に連絡してください'],
  e4: [false, 'attend', '端末の有効化が必要です。端末の保守窓口に連絡してください'],
  f0: [false, 'settle', '端末の日計が済んでいません。端末の日計を行ってください'],
  f6: [false, 'attend', '端末の設定が必要です。端末の保守窓口に連絡してください'],
};

export const BUSY_STATUS = '9c';

/** `code`: two hex digits. A status that no table names is not ready: money is not taken on a guess. */
export function explainStatus(code: string): { ready: boolean; remedy: Remedy; sentence: string } {
  const [ready, remedy, sentence] = STATUSES[code] ?? [
    false,
    'attend',
    '端末が知らない状態を示しています。端末の表示を見てください',
  ];
  return { ready, remedy, sentence: `${sentence} (${code.toUpperCase()})` };
}

type Step = Progress['step'];

/** Intermediate status (04 FF, §3.7). Hints on a display, never a result; unknown ones are shown as "working". */
const STEPS: Readonly<Record<string, Step>> = {
  '01': 'enter_pin',
  '02': 'enter_pin',
  '04': 'waiting_for_host',
  '05': 'reversing',
  '0a': 'present_card',
  '0b': 'remove_card',
  '15': 'enter_pin',
  d2: 'waiting_for_host',
  d3: 'waiting_for_host',
};

/** 41 to 5D are 01 to 1D plus "remove the card". */
export function stepOf(status: number): Step {
  const base = status >= 0x41 && status <= 0x5d ? status - 0x40 : status;
  const step = STEPS[base.toString(16).padStart(2, '0')] ?? 'working';
  return base !== status && step === 'working' ? 'remove_card' : step;
}
