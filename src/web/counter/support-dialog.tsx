/** When something is out of order: what still works, whom to call, and what they want to know. */
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Support } from '../../support/support.ts';
import { Unreachable } from '../shared/api.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDayAndTime } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import type { LiveState } from './live.ts';
import { LostTerminals } from './lost-terminals.tsx';
import { readSupport } from './service.ts';
import type { Session } from './session.ts';
import { whatWorks, type Working } from './what-works.ts';

export function SupportDialog(props: {
  session: Session;
  live: LiveState;
  now: Date;
  onCashNotice: () => void;
  onClose: () => void;
}) {
  const { session, live, now } = props;
  const support = useSupport();
  const works = whatWorks(live, session.offers);
  return (
    <DialogFrame title="困ったとき" onClose={props.onClose}>
      <section className="support">
        <h3>いま使えるもの</h3>
        <table className="rows">
          <tbody>
            {works.map(({ nameJa, sign, word }) => (
              <tr key={nameJa}>
                <th scope="row">{nameJa}</th>
                <td>
                  <span className="support-state" data-kind={sign}>
                    <Sign kind={sign} size="small" />
                    {word}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <Button className="button" onPress={props.onCashNotice}>
          「現金のみ」のお知らせを出す
        </Button>
        <h3>連絡先</h3>
        {session.helpdesk.length === 0 ? (
          <p>連絡先は登録されていません。管理者が設定（HELPDESK）に書くと、ここに出ます。</p>
        ) : (
          <ul className="support-contacts">
            {session.helpdesk.map((contact) => (
              <li key={contact}>{contact}</li>
            ))}
          </ul>
        )}
        {session.tablet === null && <LostTerminals session={session} terminals={live.terminals} />}
        <Telephone session={session} support={support} works={works} now={now} />
      </section>
      <div className="dialog-actions">
        <Button className="button primary" onPress={props.onClose} autoFocus>
          閉じる
        </Button>
      </div>
    </DialogFrame>
  );
}

/** What is read out, or handed over as text. */
function Telephone(props: {
  session: Session;
  support: Support | null;
  works: readonly Working[];
  now: Date;
}) {
  const [copied, setCopied] = useState<string | null>(null);
  const { support } = props;
  async function copy(): Promise<void> {
    setCopied(
      (await copyText(textOf(props))) ? '写しました。' : '写せませんでした。画面を読み上げてください。',
    );
  }
  return (
    <>
      <h3>電話で伝えること</h3>
      {support === null ? (
        <p>サービスとつながっていないため、版などは読めません。上の状態を伝えてください。</p>
      ) : (
        <>
          <dl className="support-facts">
            {support.facts.map(({ nameJa, value }) => (
              <div key={nameJa}>
                <dt>{nameJa}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {support.traces.map(({ terminal, lines }) => (
            <div key={terminal}>
              <h4>端末 {terminal} との最後のやりとり（カード番号は伏せてあります）</h4>
              {lines === null ? (
                <p>記録していません（TERMINAL_TRACE）。</p>
              ) : (
                <pre className="support-trace" tabIndex={0} aria-label={`端末 ${terminal} の記録`}>
                  {lines.join('\n')}
                </pre>
              )}
            </div>
          ))}
        </>
      )}
      <p className="support-copy">
        <Button className="button" onPress={() => void copy()}>
          まとめて写す（コピー）
        </Button>
        <span role="status">{copied}</span>
      </p>
    </>
  );
}

function textOf({ session, support, works, now }: Parameters<typeof Telephone>[0]): string {
  const lines = [
    `${session.municipalityName} ${session.counterName} ${formatDayAndTime(now)}`,
    ...works.map(({ nameJa, word }) => `${nameJa}: ${word}`),
    ...(support?.facts ?? []).map(({ nameJa, value }) => `${nameJa}: ${value}`),
    ...(support?.traces ?? []).flatMap(({ terminal, lines: kept }) => [`端末 ${terminal}:`, ...(kept ?? [])]),
  ];
  return lines.join('\n');
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A browser may not allow it; the text stands on the screen.
    return false;
  }
}

/** Null: not read yet, or the service does not answer. */
function useSupport(): Support | null {
  const [support, setSupport] = useState<Support | null>(null);
  useEffect(() => {
    let wanted = true;
    readSupport()
      .then((answer) => {
        if (wanted && answer.ok) setSupport(answer.value);
      })
      .catch((error: unknown) => {
        if (!(error instanceof Unreachable)) throw error;
      });
    return () => {
      wanted = false;
    };
  }, []);
  return support;
}
