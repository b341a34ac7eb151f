/**
 * What a screen may not have, with one table of codes. Every sentence says what happened, what it means for the
 * money, and what to do next; a refused request records nothing.
 */

/** HTTP status and the sentence for the clerk, per code. */
export const REFUSALS = {
  bad_request: [400, '送られた内容を読み取れません。支払いは行われていません。画面を開き直してください。'],
  not_signed_in: [401, 'サインインが必要です。支払いは行われていません。'],
  wrong_token: [403, '合言葉が違います。管理者に確かめてください。'],
  wrong_pin: [
    403,
    '職員番号か暗証番号が違います。続けて5回違うと、その番号は15分使えません。記録は変えていません。',
  ],
  locked_out: [
    403,
    '暗証番号が続けて5回違ったため、この番号は15分使えません。記録は変えていません。ほかの人は使えます。お急ぎのときは管理者に暗証番号の再設定を頼んでください。',
  ],
  second_person_role: [
    403,
    'この確認ができる役割の人ではありません。記録は変えていません。出納員など、確認できる人に代わってください。',
  ],
  too_many_guesses: [429, 'サインインの試しが多すぎます。1分待って、もう一度入れてください。'],
  weak_pin: [
    422,
    '暗証番号は6文字以上で、職員番号を含まず、同じ文字だけでも試用の番号でもないものにしてください。記録は変えていません。',
  ],
  staff_number_taken: [409, 'この職員番号はすでに使われています。記録は変えていません。'],
  last_administrator: [
    409,
    '管理者がいなくなるため、変えられません。記録は変えていません。先に別の人を管理者にしてください。',
  ],
  already_set_up: [409, '管理者はすでに登録されています。その人がサインインして、職員を登録してください。'],
  counter_not_open: [
    409,
    '今日の窓口はまだ開いていません。代金は引かれていません。出納員が「窓口を開く」を押すと、会計を始められます。',
  ],
  role_missing: [403, 'この操作は、あなたの役割では行えません。何も変わっていません。'],
  not_your_window: [
    403,
    'この窓口の会計は、あなたの担当ではありません。代金は引かれていません。担当の人に代わってください。',
  ],
  forbidden: [403, 'この操作は許可されていません。支払いは行われていません。'],
  not_found: [404, '見つかりません。'],
  terminal_busy: [
    409,
    '端末はほかの処理の途中です。この操作では何も送っていません。少し待って、もう一度押してください。',
  ],
  terminal_locked: [
    409,
    '前の支払いの結果を端末に確かめています。この会計は送っていません。確かめ終わるまでお待ちいただくか、現金でお受けください。',
  ],
  terminal_disconnected: [
    409,
    '端末とつながっていません。この操作では何も送っていません。ケーブルと電源を確かめるか、現金でお受けください。',
  ],
  clock_behind: [
    409,
    'パソコンの時計が、最後の記録より前を指しています。代金は引かれていません。時計を直すよう管理者に連絡し、お急ぎのときは現金でお受けください。',
  ],
  price_changed: [
    409,
    '料金が変わりました。代金は引かれていません。新しい合計を確かめて、もう一度押してください。',
  ],
  same_sale_unknown: [
    409,
    '同じ窓口・同じ内容・同じ金額の支払いが、結果不明のまま残っています。この会計は送っていません。別のお客様の会計であることを確かめてください。',
  ],
  record_stopped: [
    409,
    'この窓口の番号で別の記録が見つかったため、会計を止めています。代金は引かれていません。管理者に連絡してください。',
  ],
  same_id_other_body: [
    422,
    '同じ番号で別の内容が送られました。支払いは行われていません。画面を開き直してください。',
  ],
  unknown_item: [422, 'この窓口で扱っていない項目です。代金は引かれていません。画面を開き直してください。'],
  no_price: [
    422,
    'この日の料金が登録されていません。代金は引かれていません。管理者に料金の登録を依頼してください。',
  ],
  not_cashless: [
    422,
    'キャッシュレスで支払えない項目があります。代金は引かれていません。その項目は現金でお受けください。',
  ],
  bad_input: [
    422,
    '料金を決めるために入れる内容が、足りないか読み取れません。代金は引かれていません。入れ直してください。',
  ],
  unknown_ground: [
    422,
    'この減免の理由は登録されていません。代金は引かれていません。画面を開き直して、選び直してください。',
  ],
  approval_missing: [
    422,
    'この減免には、別の人の承認が必要です。何も記録していません。承認を受けてから、もう一度押してください。',
  ],
  approval_used: [
    409,
    'この承認は、別の会計ですでに使われています。何も記録していません。もう一度承認を受けてください。',
  ],
  not_counted: [
    422,
    '現金か0円の会計だけを、端末を使わずに記録できます。何も記録していません。画面を開き直してください。',
  ],
  already_withdrawn: [409, 'この記録はすでに取り消されています。'],
  withdrawn_too_late: [
    409,
    '前の日の記録は、ここでは取り消せません。記録は変えていません。会計課に連絡してください。',
  ],
  nothing_to_pay: [422, '合計が0円のため、端末には送りません。「お渡しを記録」を押してください。'],
  price_unconfirmed: [
    422,
    '確認されていない料金です。代金は引かれていません。管理者に料金の確認を依頼してください。',
  ],
  brand_needed: [422, '電子マネーの種類を選んでください。代金は引かれていません。'],
  brand_unavailable: [
    422,
    'この種類はこの端末で扱えません。代金は引かれていません。別の方法を選んでください。',
  ],
  brand_not_offered: [
    422,
    'この種類は、この窓口では今日お使いいただけません。代金は引かれていません。別の方法を選んでください。',
  ],
  below_minimum: [
    422,
    '端末で支払える最低額に足りません。代金は引かれていません。別の方法にするか、現金でお受けください。',
  ],
  over_ceiling: [422, '1回の上限額を超えています。代金は引かれていません。別の方法を選んでください。'],
  not_locked: [409, 'この支払いは端末を止めていません。画面を開き直してください。'],
  release_too_early: [
    409,
    '端末の答えを待っています。5分たっても答えがないときに、出納員が端末を先に使えるようにできます。この操作では何も送っていません。',
  ],
  not_unknown: [
    409,
    'この支払いの結果はすでに分かっています。記録は変えていません。画面を開き直してください。',
  ],
  nothing_to_decide: [409, 'この支払いには決めることがありません。記録は変えていません。'],
  no_balance_here: [
    409,
    'この端末では残高を確かめられません。代金は引かれていません。お客様のカード会社の照会方法を案内してください。',
  ],
  same_person: [422, '確認は、別の人が行ってください。記録は変えていません。'],
  prompt_gone: [
    409,
    'この質問には、もう答えがあるか、質問が取り下げられました。今の答えは記録していません。画面の表示に従ってください。',
  ],
  reply_mismatch: [
    422,
    '入力が足りないか、2回の入力が違います。まだ何も記録していません。端末の伝票を見て、入力し直してください。',
  ],
  totals_missing: [
    409,
    '端末の合計が分からないため、締めは残していません。支払いの記録は変わりません。端末を確かめて、もう一度締めてください。',
  ],
  not_cancellable: [409, 'この支払いは終わっているため、取り消しを頼めません。'],
  office_unavailable: [503, '市の記録 (PostgreSQL) とつながっていません。窓口の会計は続けられます。'],
} as const satisfies Record<string, readonly [number, string]>;

export type RefusalCode = keyof typeof REFUSALS;

/** A refusal with a code that programs can read and a sentence that people can. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: RefusalCode;
  readonly status: number;
  /** What the sentence is about (field faults, an item's name, the new total). */
  readonly details: Record<string, unknown>;
  constructor(code: RefusalCode, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    const [status, message] = REFUSALS[code];
    super(message, options);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}
