/**
 * The survey's pages: plain HTML that every phone shows, without script, pictures or anything from elsewhere.
 * Japanese, easy Japanese and English side by side: nobody has to find a language switch first.
 */
import { escapeHtml, policyFor } from '../plain-page.ts';
import { LONGEST_COMMENT } from './survey.ts';

const CHOICES = [
  { score: '5', ja: 'とてもよい', en: 'Very good' },
  { score: '4', ja: 'よい', en: 'Good' },
  { score: '3', ja: 'ふつう', en: 'Neither good nor bad' },
  { score: '2', ja: 'わるい', en: 'Bad' },
  { score: '1', ja: 'とてもわるい', en: 'Very bad' },
];

const FAULTS = {
  score_missing: { ja: '5から1のどれか1つを選んでください。', en: 'Please choose one, from 5 to 1.' },
  comment_too_long: {
    ja: `ひとことは${LONGEST_COMMENT}文字までです。短くしてください。`,
    en: `Please write at most ${LONGEST_COMMENT} characters.`,
  },
};

const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f8f8fb; color: #1a1a1c; line-height: 1.6;
  font: 1.0625rem/1.6 system-ui, "Hiragino Sans", "Noto Sans JP", "Yu Gothic UI", sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
h1 { font-size: 1.375rem; line-height: 1.4; margin: 0 0 .25rem; }
p { margin: 0 0 .75rem; }
.office { color: #4d4d4d; font-size: .9375rem; margin-bottom: 1.25rem; }
.easy, .en { display: block; color: #4d4d4d; font-size: .9375rem; font-weight: 400; }
.notice { background: #fff3cd; border: 1px solid #8a6100; color: #5c4100; padding: .5rem .75rem; font-weight: 700; }
.fault { border: 2px solid #ce0000; background: #fff; color: #a30000; padding: .75rem 1rem; margin: 0 0 1rem; }
.fault p { margin: 0; }
fieldset { border: 0; margin: 0 0 1.5rem; padding: 0; min-width: 0; }
legend, label.line { padding: 0; margin: 0 0 .75rem; font-weight: 700; display: block; }
.choice { display: flex; align-items: center; gap: .75rem; min-height: 3.5rem; padding: .5rem 1rem; margin: 0 0 .5rem;
  background: #fff; border: 1px solid #767676; border-radius: .5rem; cursor: pointer; }
.choice input { width: 1.5rem; height: 1.5rem; margin: 0; flex: none; accent-color: #0017c1; }
.choice b { font-size: 1.375rem; min-width: 1.25rem; text-align: center; }
.choice .en { display: inline; margin-left: .5rem; }
.choice:has(input:checked) { border-color: #0017c1; box-shadow: inset 0 0 0 2px #0017c1; background: #e8f1fe; }
:focus-visible { outline: 4px solid #1a1a1c; outline-offset: 2px; box-shadow: 0 0 0 2px #ffd43d; }
input[type=text] { width: 100%; min-height: 3rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: #fff; border: 1px solid #767676; border-radius: .5rem; }
.hint { font-size: .9375rem; margin: .5rem 0 1.5rem; }
button { width: 100%; min-height: 3.5rem; font: inherit; font-weight: 700; color: #fff; background: #0017c1;
  border: 0; border-radius: .5rem; cursor: pointer; }
`;

export const PAGE_POLICY = policyFor(STYLE);

/** Who asks. */
export interface PageHead {
  municipalityName: string;
  /** Trial and training say on every page that nothing was really paid. */
  isTrial: boolean;
}

/** What was typed and what was wrong with it, when the form is shown again. */
export interface FormState {
  score: string;
  comment: string;
  faults: readonly (keyof typeof FAULTS)[];
}

/** The form, with what was chosen and what is wrong with it. */
export function formPage(head: PageHead, state: FormState): string {
  const choices = CHOICES.map(
    ({ score, ja, en }) => `
      <label class="choice"><input type="radio" name="score" value="${score}" required${
        state.score === score ? ' checked' : ''
      }><b>${score}</b><span>${ja}<span class="en" lang="en">${en}</span></span></label>`,
  ).join('');
  const faults = state.faults
    .map((fault) => `<p>${FAULTS[fault].ja}<span class="en" lang="en">${FAULTS[fault].en}</span></p>`)
    .join('');
  return page(
    head,
    'アンケート / Survey',
    `
    <h1>今日の窓口はいかがでしたか
      <span class="easy">まどぐちは どうでしたか。</span>
      <span class="en" lang="en">How was our service today?</span></h1>
    <p class="office">${escapeHtml(head.municipalityName)}</p>
    ${faults === '' ? '' : `<div class="fault" role="alert">${faults}</div>`}
    <form method="post" novalidate>
      <fieldset><legend>1つ選んでください
        <span class="easy">ひとつ えらんで ください。</span>
        <span class="en" lang="en">Please choose one.</span></legend>${choices}
      </fieldset>
      <label class="line" for="comment">ひとこと（書かなくてもかまいません）
        <span class="easy">かきたい ことが あれば、かいて ください。</span>
        <span class="en" lang="en">A comment, if you like</span></label>
      <input type="text" id="comment" name="comment" autocomplete="off" aria-describedby="hint"
        value="${escapeHtml(state.comment)}">
      <p class="hint" id="hint">${LONGEST_COMMENT}文字まで。<strong>個人情報を書かないでください</strong>（名前・電話番号・カード番号など）。
        <span class="easy">なまえや でんわばんごうは かかないで ください。</span>
        <span class="en" lang="en">No names, phone numbers or card numbers, please.</span></p>
      <button type="submit">送る<span lang="en"> / Send</span></button>
    </form>`,
  );
}

/** The answer has been taken. */
export function thanksPage(head: PageHead): string {
  return messagePage(head, {
    ja: 'ありがとうございました',
    easy: 'こたえて くれて、ありがとう ございました。',
    en: 'Thank you for your answer.',
    more: 'お答えを受け取りました。この画面は閉じてかまいません。',
  });
}

/** The payment has its answer already. */
export function answeredPage(head: PageHead): string {
  return messagePage(head, {
    ja: 'この支払いのアンケートは回答済みです。ありがとうございました。',
    easy: 'アンケートは もう おわって います。ありがとう ございました。',
    en: 'You have already answered the survey for this payment. Thank you.',
    more: '回答は1つの支払いにつき1回です。',
  });
}

/** No payment has that code. */
export function unknownCodePage(head: PageHead): string {
  return messagePage(head, {
    ja: 'このアンケートは見つかりません',
    easy: 'アンケートが みつかりません。',
    en: 'This survey can’t be found.',
    more: '利用明細のQRコードをもう一度読み取るか、アドレスを確かめてください。お支払いには関係ありません。',
  });
}

/** Too many have asked from there. */
export function tooManyPage(head: PageHead): string {
  return messagePage(head, {
    ja: 'ただいま混み合っています',
    easy: 'すこし まってから、もういちど おねがいします。',
    en: 'Too many requests. Please try again in a minute.',
    more: '1分ほど待ってから、もう一度開いてください。お支払いには関係ありません。',
  });
}

function messagePage(head: PageHead, text: { ja: string; easy: string; en: string; more: string }): string {
  return page(
    head,
    text.ja,
    `
    <h1>${text.ja}
      <span class="easy">${text.easy}</span>
      <span class="en" lang="en">${text.en}</span></h1>
    <p class="office">${escapeHtml(head.municipalityName)}</p>
    <p>${text.more}</p>`,
  );
}

function page(head: PageHead, title: string, content: string): string {
  const notice = head.isTrial ? '<p class="notice">試用・実際の支払いではありません</p>' : '';
  return `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} - ${escapeHtml(head.municipalityName)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>${notice}${content}
</main>
</body>
</html>
`;
}
