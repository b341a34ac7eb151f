/** Above the total: who has the terminal, who is next, and when it is this screen's turn. */
import { Button } from 'react-aria-components';
import { screenId } from '../shared/screen.ts';
import { useNow } from '../shared/use-now.ts';
import { holderWords, queueWords } from './turn-words.ts';
import type { TurnAtTerminal } from './use-turn.ts';

export function TurnBox({ turn }: { turn: TurnAtTerminal }) {
  const now = useNow(1000);
  const { holders, waiting, place } = turn;
  if (holders.length === 0 && waiting.length === 0) return null;
  return (
    <div className="turns" data-come={turn.hasCome}>
      {holders.map((holder) => (
        <p key={holder.since}>{holderWords(holder, now)}</p>
      ))}
      {waiting.length > 0 && <p>待っている順：{queueWords(waiting, screenId())}</p>}
      <p role="status">{turn.hasCome && <b>順番が来ました。「支払う」を押してください。</b>}</p>
      {place !== null && (
        <Button className="quiet" onPress={turn.leave}>
          順番を待つのをやめる
        </Button>
      )}
    </div>
  );
}
