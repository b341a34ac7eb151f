/** Closing a day, from top to bottom of one dialog: what is open, the terminals' totals, the 日計, what came of it. */
import { useLayoutEffect, useRef, useState } from 'react';
import { Button, Input, Label, Link, TextField } from 'react-aria-components';
import type { ClosingProgress } from '../../live.ts';
import { nameOfTerminal, namesOf, type Offer } from '../../terminal/offer.ts';
import type { ClosingState, DayToClose } from '../../closing/state.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDate, formatEraDate, formatTime, formatYen } from '../shared/format.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { ClosingFigures } from './closing-figures.tsx';
import { ClosingTerminals } from './closing-terminals.tsx';
import { openClosingSlip } from './service.ts';
import { SinceLastClosing } from './since-last-closing.tsx';
import { useClosing, type ClosingDesk } from './use-closing.ts';

interface ClosingDialogProps {
  today: string;
  /** The day to be closed: today, or one that was forgotten. */
  businessDate: string;
  /** Whoever is signed in may close; everybody may look. */
  mayClose: boolean;
  progress: ClosingProgress | null;
  /** The service is out of reach. */
  isCutOff: boolean;
  /** A terminal without a link wants to know its totals from the clerk: the dialog steps aside. */
  isAsked: boolean;
  officeUrl: string | null;
  offers: readonly Offer[];
  brandNames: ReadonlyMap<string, string>;
  /** Stays of the daycare window that nobody has paid. */
  owedStays: number;
  onClose: () => void;
}

export function ClosingDialog(props: ClosingDialogProps) {
  const { today, businessDate, onClose } = props;
  const desk = useClosing({ businessDate, today, isCutOff: props.isCutOff }, namesOf(props.offers));
  const { step, compared } = desk;
  const isBusy = step.at === 'closing' || step.at === 'checking' || props.progress !== null;
  if (isBusy && props.isAsked) return null;
  // Once the second person has confirmed, the terminals are at work.
  if (step.at === 'second_person' && !isBusy) {
    return (
      <SecondPerson
        what={`${formatEraDate(businessDate)}の締めをします。端末の日計を行い、端末の合計は0円から始まります。`}
        roles={['treasurer', 'accounting', 'cashier', 'daycare', 'bicycle']}
        onConfirm={(second) => desk.closeWith(step.note, second)}
        onDone={() => undefined}
        onClose={desk.goBack}
      />
    );
  }
  return (
    <DialogFrame title={`締め　${formatEraDate(businessDate)}`} onClose={onClose} isFixed={isBusy}>
      {step.at === 'done' ? (
        <ClosingFigures closing={step.closing} today={today} brandNames={props.brandNames} />
      ) : (
        <>
          <BeforeClosing {...props} state={desk.state} />
          {compared !== null && <ClosingTerminals compared={compared} />}
        </>
      )}
      <ClosingActions {...props} desk={desk} isBusy={isBusy} />
    </DialogFrame>
  );
}

/** What there is to know before anything is sent. */
function BeforeClosing(props: ClosingDialogProps & { state: ClosingState | null }) {
  const { state, today, businessDate, owedStays } = props;
  const day = state?.days.find((each) => each.businessDate === businessDate);
  const isToday = businessDate === today;
  return (
    <>
      {(state === null || day !== undefined) && (
        <p className="closing-sentence" data-loading={state === null}>
          {day === undefined ? '読み込んでいます' : sentenceOf(day, isToday)}
        </p>
      )}
      {!props.mayClose && (
        <p className="tell">
          <b>締めは出納員が行います</b>
          右上の名前から出納員に代わってください。点検は、いまのままできます。
        </p>
      )}
      {state !== null && state.open.length > 0 && <OpenMatters open={state.open} today={today} />}
      <p>
        締めると、端末の中間計を読んで記録と比べ、端末の日計を行います。終わるまで会計はできません。締めたあとも会計はでき、もう一度締められます。
      </p>
      <SinceLastClosing today={today} businessDate={businessDate} closing={state?.last ?? null} />
      {isToday && owedStays > 0 && (
        <p className="tell">
          <b>支払いの済んでいない預かりが {owedStays}件 あります</b>
          締めると「今日の預かり」の呼び名が消えます。この{owedStays}
          件は、日付・区分・時刻だけの「未収」として残り、あとから会計できます。だれの分かは、締める前に手元に控えてください。
        </p>
      )}
    </>
  );
}

function sentenceOf({ sold, returned }: DayToClose, isToday: boolean): string {
  const back =
    returned.count === 0 ? '' : `、取り消し・返金 ${returned.count}件 ${formatYen(returned.amountYen)}`;
  return `${isToday ? '今日' : 'この日'}の支払いは ${sold.count}件 ${formatYen(sold.amountYen)}${back}です。`;
}

function OpenMatters({ open, today }: { open: ClosingState['open']; today: string }) {
  return (
    <div className="tell">
      <b>締める前に確かめること {open.length}件</b>
      <ul>
        {open.map(({ id, number, amountYen, state, windowNameJa, businessDate }) => (
          <li key={id}>
            {businessDate !== today && `${formatDate(businessDate)}　`}
            {`伝票 ${String(number)}　${windowNameJa}　${formatYen(amountYen)}　`}
            {state === 'unknown' ? '結果不明' : 'あとから分かった支払い（扱いが未定）'}
          </li>
        ))}
      </ul>
      このまま締めることもできます。
      {open.some(({ state }) => state === 'unknown') &&
        '支払われていたと分かったときは、分かった日の記録に加わります。'}
    </div>
  );
}

const STEPS: Record<ClosingProgress['step'], string> = {
  totals: 'の合計を読んでいます',
  settlement: 'の日計を行っています。端末にさわらずにお待ちください',
};

function Progress(props: { progress: ClosingProgress | null; offers: readonly Offer[] }) {
  const { progress } = props;
  const turn = progress === null || progress.of < 2 ? '' : `（${progress.number}／${progress.of}）`;
  return (
    <p className="closing-progress" role="status">
      <span className="closing-wait" aria-hidden="true" />
      {progress === null
        ? '端末に問い合わせています'
        : `${nameOfTerminal(namesOf(props.offers), progress.terminal)}${STEPS[progress.step]}${turn}`}
    </p>
  );
}

function DoneActions(props: ClosingDialogProps) {
  return (
    <div className="form-end dialog-actions">
      <Button className="button" onPress={props.onClose}>
        閉じる
      </Button>
      {props.officeUrl !== null && (
        <Link className="button" href={props.officeUrl} target="_blank">
          会計課の画面で突合を見る
        </Link>
      )}
      <Button className="button primary" onPress={() => openClosingSlip(props.businessDate)}>
        締めの控えを印刷
      </Button>
    </div>
  );
}

function ClosingActions(props: ClosingDialogProps & { desk: ClosingDesk; isBusy: boolean }) {
  const { desk, isBusy, mayClose, onClose } = props;
  const { step } = desk;
  const [note, setNote] = useState('');
  const last = desk.state?.last ?? null;
  const message = 'message' in step ? step.message : desk.unanswered;
  if (step.at === 'done') return <DoneActions {...props} />;
  return (
    <>
      {step.at === 'differs' && <ReasonField note={note} onChange={setNote} compared={desk.compared} />}
      <div className="form-end">
        {isBusy && <Progress progress={props.progress} offers={props.offers} />}
        <p className="form-error" role="alert">
          {message}
        </p>
        <div className="dialog-actions">
          <Button className="button" onPress={onClose} isDisabled={isBusy}>
            閉じる
          </Button>
          {last?.businessDate === props.businessDate && (
            <Button
              className="button"
              onPress={() => openClosingSlip(props.businessDate)}
              isDisabled={isBusy}
            >
              {formatTime(last.at)} の控えを印刷
            </Button>
          )}
          <Button className="button" onPress={() => void desk.check()} isDisabled={isBusy}>
            点検（中間計を読む）
          </Button>
          {mayClose && (
            <Button
              className="button primary"
              isDisabled={isBusy || desk.state === null || (step.at === 'differs' && note.trim() === '')}
              onPress={() => void desk.close(step.at === 'differs' ? note.trim() : '')}
            >
              {step.at === 'differs' ? '差のまま締める' : '締める'}
            </Button>
          )}
        </div>
      </div>
    </>
  );
}

/** The figures may come after it and push it out of the dialog; it stays where the clerk sees what is asked. */
function ReasonField(props: {
  note: string;
  onChange: (note: string) => void;
  compared: ClosingDesk['compared'];
}) {
  const field = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // In braces: newer browsers answer with a promise, and React would call it as what undoes the effect.
    field.current?.scrollIntoView({ block: 'nearest' });
  }, [props.compared]);
  return (
    <TextField
      className="field"
      ref={field}
      value={props.note}
      onChange={props.onChange}
      maxLength={200}
      autoFocus
    >
      <Label>差のまま締める理由</Label>
      <Input />
    </TextField>
  );
}
