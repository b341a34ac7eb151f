/** What came of an operation, in a word for the record and a sentence for the clerk. The words are ours. */

const SENTENCES: Readonly<Record<string, string>> = {
  approved: '端末がこの支払いを承認しました。伝票を確かめてください。',
  declined:
    '端末はこの支払いを承認しませんでした。代金は引かれていません。別のカードか、別の方法にしてください。',
  cancelled: '端末での支払いを中止しました。代金は引かれていません。必要なら会計に戻ってやり直してください。',
  corrected:
    '端末に打った金額が違ったので、その支払いを端末で取り消しました。代金は残っていません。会計に戻り、正しい金額で支払ってもらってください。',
  voided: '端末で支払いを取り消しました。取消の伝票をお客様に渡してください。',
  void_refused:
    '端末で取り消せませんでした。支払いは成立したままです。出納員に知らせ、返金の方法を決めてください。',
  refunded: '端末で返品（返金）をしました。返品の伝票をお客様に渡してください。',
  refund_refused:
    '端末で返品（返金）ができませんでした。お金は返っていません。出納員に知らせ、会計課から返すなど、ほかの方法を決めてください。',
  not_settled: '端末の日計ができませんでした。支払いの記録は変わりません。端末を確かめてください。',
};

const UNKNOWN =
  '結果の意味が分かりません。支払いが成立したかどうか分かりません。もう一度支払いをしないで、端末の伝票を確かめてください。';

/** The clerk's sentence for a result code. */
export const explainResult = (resultCode: string): string => SENTENCES[resultCode] ?? UNKNOWN;
