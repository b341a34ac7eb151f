/** Where, with what, who and when. Quiet; it speaks up only when something is wrong. */
import { Button, ToggleButton } from 'react-aria-components';
import type { RecordStatus, TerminalStatus } from '../../live.ts';
import { BookBanner } from '../shared/book-banner.tsx';
import { formatDayAndTime, formatTimeOrDay } from '../shared/format.ts';
import type { SignKind } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import type { LiveState } from './live.ts';
import type { OpenDialog } from './counter-dialogs.tsx';
import { CounterMenu } from './counter-menu.tsx';
import { sellsStickers, type Reference } from './use-reference.ts';

const TERMINAL_WORDS: Record<TerminalStatus['state'], readonly [SignKind, string]> = {
  connecting: ['run', '接続中'],
  ready: ['ok', '使えます'],
  busy: ['run', '支払い中'],
  locked: ['ask', '確認中'],
  disconnected: ['no', '切断'],
  lost: ['no', '紛失・交換中'],
};

const RECORD_WORDS: Record<RecordStatus['state'], readonly [SignKind, string]> = {
  synced: ['ok', '同期済み'],
  behind: ['run', '送信中'],
  offline: ['stop', '切断'],
  stopped: ['no', '停止中'],
};

export function StatusBar(props: {
  reference: Reference;
  live: LiveState;
  now: Date;
  paying: boolean;
  muted: boolean;
  onMute: (muted: boolean) => void;
  onOpen: (dialog: OpenDialog) => void;
}) {
  const { reference, live, muted } = props;
  const { session } = reference;
  return (
    <header className="top">
      <BookBanner book={session.book} demo={session.demo} />
      <div className="bar" data-terminals={live.terminals.length > 1 ? 'several' : 'one'}>
        <h1 className="bar-place">
          {session.municipalityName} {session.counterName} {session.tablet}
        </h1>
        <div className="bar-states">
          {live.terminals.map((terminal) => (
            <Chip
              key={terminal.id}
              name={live.terminals.length === 1 ? '端末' : terminal.nameJa}
              short={live.terminals.length === 1 ? undefined : `端末${terminal.id}`}
              sign={TERMINAL_WORDS[terminal.state][0]}
              word={TERMINAL_WORDS[terminal.state][1]}
            />
          ))}
          {live.record !== null && <RecordChip record={live.record} />}
        </div>
        <Button className="bar-button bar-clerk" onPress={() => props.onOpen({ show: 'sign_in' })}>
          担当 {session.clerk.name}
          <span className="unseen">（交代する）</span>
        </Button>
        <time className="bar-time">{formatDayAndTime(props.now)}</time>
        <ToggleButton className="bar-button" isSelected={!muted} onChange={(on) => props.onMute(!on)}>
          音 {muted ? '切' : '入'}
        </ToggleButton>
        <CounterMenu session={session} hasStickers={sellsStickers(reference)} onOpen={props.onOpen} />
        {live.connection === 'lost' && <LostBar paying={props.paying} />}
      </div>
    </header>
  );
}

function RecordChip({ record }: { record: RecordStatus }) {
  const [sign, word] = RECORD_WORDS[record.state];
  return (
    <Chip
      name="記録"
      sign={sign}
      word={record.since === null ? word : `${word} ${formatTimeOrDay(record.since)}から`}
    />
  );
}

/** `short` stands for the name in a bar with several terminals; the name is read out in full all the same. */
function Chip(props: { name: string; short?: string | undefined; sign: SignKind; word: string }) {
  const { name, short, sign, word } = props;
  return (
    <span className="chip" data-kind={sign} title={short && name}>
      <Sign kind={sign} size="small" />
      <span>
        {short !== undefined && <span aria-hidden="true">{short}</span>}
        <span className={short && 'unseen'}>{name}</span> {word}
      </span>
    </span>
  );
}

/** Over the bar, so that nothing below it moves. */
function LostBar({ paying }: { paying: boolean }) {
  return (
    <p className="lost" role="alert">
      <Sign kind="no" size="small" />
      {paying
        ? 'サービスとつながっていません。支払いは端末で続いている場合があります。もう一度支払いをしないでください。自動でつなぎ直しています。'
        : 'サービスとつながっていません。支払いの記録は変わりません。自動でつなぎ直しています。'}
    </p>
  );
}
