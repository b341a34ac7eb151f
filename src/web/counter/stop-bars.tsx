/** Why no sale is taken here now, over the whole width: the record does not fit, or the clock may not date a payment. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { ClockFault, RecordStatus } from '../../live.ts';
import { refusalTo } from '../shared/api.ts';
import { formatDayAndTime, formatEraDate, tokyoDate } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import type { LiveState } from './live.ts';
import { confirmDate } from './service.ts';
import type { Session } from './session.ts';

export function StopBars({ live, session }: { live: LiveState; session: Session }) {
  const mayConfirm = session.tablet === null && session.clerk.roles.includes('treasurer');
  return (
    <>
      {live.record?.state === 'stopped' && <StoppedBar record={live.record} />}
      {live.clock !== null && <ClockBar clock={live.clock} mayConfirm={mayConfirm} />}
    </>
  );
}

function StoppedBar({ record }: { record: RecordStatus }) {
  return (
    <section className="stop-bar" data-kind="no" aria-label="会計を止めています">
      <Sign kind="no" size="small" />
      <p>
        <b>会計を止めています。新しい支払いは端末に送りません。</b>
        {record.detail}
      </p>
    </section>
  );
}

const CLOCKS: Record<ClockFault['source'], string> = {
  journal: '最後の記録の時刻',
  database: '市の記録の時計',
  terminal: '端末の時計',
};
const NO_ANSWER = 'サービスの答えがありません。少し待って、もう一度押してください。';

function ClockBar({ clock, mayConfirm }: { clock: ClockFault; mayConfirm: boolean }) {
  const [message, setMessage] = useState<string | null>(null);
  const today = tokyoDate(new Date(clock.ours));
  async function confirm(): Promise<void> {
    setMessage(await refusalTo(() => confirmDate(today), NO_ANSWER));
  }
  return (
    <section className="stop-bar" data-kind="ask" aria-label="パソコンの時計">
      <Sign kind="ask" size="small" />
      <p>
        <b>パソコンの時計が合っていないため、新しい支払いを止めています。</b>
        パソコンは {formatDayAndTime(clock.ours)}、{CLOCKS[clock.source]}は {formatDayAndTime(clock.theirs)}{' '}
        です。時計を直すか、
        {mayConfirm
          ? '今日の日付が正しければ確かめてください。'
          : '出納員に今日の日付を確かめてもらってください。'}
        <span className="form-error" role="alert">
          {message}
        </span>
      </p>
      {mayConfirm && (
        <Button className="button" onPress={() => void confirm()}>
          今日は {formatEraDate(today)} です
        </Button>
      )}
    </section>
  );
}
