/**
 * The only thing that a machine of the LAN is shown before it is paired: plain HTML without script, that leads through
 * trusting the counter's certificate and takes the code from the counter's own screen.
 */
import { escapeHtml, policyFor } from '../plain-page.ts';

const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { word-break: auto-phrase; line-break: strict; overflow-wrap: anywhere; }
body { margin: 0; background: #f8f8fb; color: #1a1a1c;
  font: 1.0625rem/1.6 system-ui, "Hiragino Sans", "Noto Sans JP", "Yu Gothic UI", sans-serif; }
main { max-width: 40rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.4; margin: 0 0 .25rem; }
h2 { font-size: 1.125rem; margin: 0 0 .5rem; }
p { margin: 0 0 .75rem; }
ol { margin: 0 0 .75rem; padding-left: 1.5rem; }
.place { color: #4d4d4d; margin-bottom: 1.25rem; }
.trial { background: #fff3cd; border: 1px solid #8a6100; color: #5c4100; padding: .5rem .75rem; font-weight: 700; }
.fault { border: 2px solid #ce0000; background: #fff; color: #a30000; padding: .75rem 1rem; margin: 0 0 1rem; }
section { background: #fff; border: 1px solid #b4b4b8; border-radius: .75rem; padding: 1.25rem; margin: 0 0 1rem; }
summary { min-height: 2.75rem; display: flex; align-items: center; color: #0017c1; cursor: pointer;
  text-decoration: underline; text-underline-offset: .25rem; }
code { display: block; font: 1rem/1.7 ui-monospace, monospace; background: #f1f1f4; border-radius: .5rem;
  padding: .5rem .75rem; margin: 0 0 .75rem; overflow-wrap: anywhere; }
kbd { display: block; width: fit-content; font: inherit; font-family: ui-monospace, monospace; background: #f1f1f4; border-radius: .25rem; padding: 0 .25rem;
  overflow-wrap: anywhere; }
label { display: block; font-weight: 700; margin: 0 0 .5rem; }
input { width: 100%; min-height: 3.25rem; padding: .5rem .75rem; margin: 0 0 1rem; font: 1.5rem/1.2 ui-monospace, monospace;
  letter-spacing: .12em; text-transform: uppercase; color: inherit; background: #fff; border: 1px solid #767676;
  border-radius: .5rem; }
button, .button { display: flex; align-items: center; justify-content: center; width: 100%; min-height: 3.25rem;
  padding: .25rem 1rem; font: inherit; font-weight: 700; border-radius: .5rem; text-decoration: none; cursor: pointer; }
button { color: #fff; background: #0017c1; border: 0; }
.button { color: #0017c1; background: #fff; border: 1px solid #0017c1; margin: 0 0 .75rem; }
:focus-visible { outline: 4px solid #1a1a1c; outline-offset: 2px; box-shadow: 0 0 0 2px #ffd43d; }
`;

export const PAGE_POLICY = policyFor(STYLE);

export interface PairingPage {
  /** 「白井市 総合窓口 1番」 */
  place: string;
  isTrial: boolean;
  /** Of the authority that is to be trusted; null: the city's own, which is trusted already. */
  fingerprint: string | null;
}

/** The page as HTML; `code` as it was typed, and why it was not taken. */
export function pairingPage(page: PairingPage, state: { code: string; fault: string | null }): string {
  const { place, isTrial, fingerprint } = page;
  return `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>タブレットをつなぐ | 窓口</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>タブレットを窓口につなぐ</h1>
<p class="place">${escapeHtml(place)}</p>
${isTrial ? '<p class="trial">試用・実際の支払いではありません</p>' : ''}
${fingerprint === null ? '' : trustSteps(fingerprint)}
<section aria-labelledby="code-title">
<h2 id="code-title">${fingerprint === null ? '' : '2. '}番号を入れて、つなぐ</h2>
${state.fault === null ? '' : `<p class="fault" role="alert">${escapeHtml(state.fault)}</p>`}
<p>カウンターの画面の「メニュー」→「タブレットをつなぐ」に出る番号です。5分間、1台だけに使えます。</p>
<form method="post" action="/pair">
<label for="code">つなぐための番号（8文字）</label>
<input id="code" name="code" value="${escapeHtml(state.code)}" required maxlength="12" autocomplete="off" autocapitalize="characters" spellcheck="false">
<button>つなぐ</button>
</form>
</section>
</main>
</body>
</html>
`;
}

/**
 * The way through the settings is each maker's: Apple's 「手動でインストールした証明書プロファイルを信頼する」 (support.apple.com/
 * ja-jp/102390, before HT204477), Android's as a Pixel names it since Android 14 (before: その他のセキュリティ設定), Microsoft's
 * 「信頼されたルート証明機関の証明書ストア」 (learn.microsoft.com). None was tried on a real device here. Windows shows only the SHA-1
 * 拇印 of a certificate; the SHA-256 of the file is that of the certificate, as the file is DER (RFC 5280).
 */
const trustSteps = (fingerprint: string): string => `<section aria-labelledby="trust-title">
<h2 id="trust-title">1. 証明書を入れる（この端末で初めてのときだけ）</h2>
<p>この画面の前に警告が出た端末では、先に証明書を入れます。入れたあとに開き直し、警告が出ないことを確かめてから 2 に進んでください。</p>
<a class="button" href="/authority.crt" download="madoguchi.crt">証明書を受け取る</a>
<details>
<summary>iPad・iPhone の入れ方</summary>
<ol>
<li>「証明書を受け取る」を押し、プロファイルのダウンロードを「許可」します。</li>
<li>「設定」→「一般」→「VPNとデバイス管理」で「窓口」のプロファイルを開き、「詳細」の指紋を下と比べてから「インストール」を押します。</li>
<li>「設定」→「一般」→「情報」→「証明書信頼設定」の「ルート証明書を全面的に信頼する」で、同じ名前をオンにします。これをしないと、警告が出続けます。</li>
</ol>
</details>
<details>
<summary>Android の入れ方</summary>
<ol>
<li>「証明書を受け取る」を押して保存します。</li>
<li>「設定」→「セキュリティとプライバシー」→「その他のセキュリティとプライバシー」→「暗号化と認証情報」→「証明書のインストール」→「CA 証明書」→「インストールする」で、保存したファイルを選びます（名前は機種により少し違います。設定の検索で「証明書」を探せます）。</li>
<li>「暗号化と認証情報」→「信頼できる認証情報」→「ユーザー」で「窓口」を開き、SHA-256 の指紋を下と比べます。</li>
</ol>
</details>
<details>
<summary>Windows の入れ方</summary>
<ol>
<li>「証明書を受け取る」を押して保存します。</li>
<li>「ダウンロード」フォルダーで <kbd>certutil -hashfile madoguchi.crt SHA256</kbd> を実行し、下の指紋と比べます（証明書の画面に出る「拇印」は別の数です）。</li>
<li>保存したファイルを開き、「証明書のインストール」→「現在のユーザー」→「証明書をすべて次のストアに配置する」→「参照」→「信頼されたルート証明機関」を選んで「完了」を押し、確認に「はい」と答えます。</li>
</ol>
</details>
<p>証明書の指紋（SHA-256）。<b>カウンターの画面に出ている指紋</b>、端末の設定に出る指紋と、3つとも同じことを確かめます。違うときは入れずに、管理者に知らせてください。</p>
<code>${escapeHtml(fingerprint.replace(/((?:..:){7}..):/g, '$1 '))}</code>
</section>`;
