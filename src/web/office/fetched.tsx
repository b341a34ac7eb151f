/** What a provider's service tells by itself: when it was last asked, what came, and what did not. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { FetchView } from '../../reconcile/statements/view.ts';
import { refusalTo } from '../shared/api.ts';
import { formatDayAndTime } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import { fetchStatements } from './service.ts';

const NO_ANSWER =
  'サービスの答えがありません。取得できたかどうかは、下の一覧で確かめてください。もう一度押しても、二重にはなりません。';

export function Fetched(props: { fetched: FetchView; mayFetch: boolean; onDone: () => void }) {
  const { nameJa, last } = props.fetched;
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState<string | null>(null);

  async function fetchNow(): Promise<void> {
    setBusy(true);
    setMessage(await refusalTo(fetchStatements, NO_ANSWER));
    setBusy(false);
    props.onDone();
  }

  return (
    <section aria-label={nameJa}>
      <h2 className="section-title">{nameJa}</h2>
      <div className="run">
        {props.mayFetch && (
          <Button className="button" isDisabled={busy} onPress={() => void fetchNow()}>
            {busy ? '取得しています' : '今すぐ取得する'}
          </Button>
        )}
        <p role="status">{lastJa(last)}</p>
      </div>
      {last !== null && last.notes.length > 0 && (
        <ul className="notes">
          {last.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {message !== null && (
        <p className="fault" role="alert" data-kind="no">
          <Sign kind="no" size="small" />
          {message}
        </p>
      )}
    </section>
  );
}

function lastJa(last: FetchView['last']): string {
  if (last === null) return '毎晩3時に、自動で取得します。まだ取得していません。';
  const { at, isComplete, taken, refused } = last;
  const came = `新しい明細 ${taken.toLocaleString('ja-JP')}件`;
  const broken =
    refused === 0 ? '' : `、読めない明細 ${refused.toLocaleString('ja-JP')}件（要対応にあります）`;
  return `${formatDayAndTime(at)} に${isComplete ? '取得しました' : '取得できませんでした'}。${came}${broken}。`;
}
