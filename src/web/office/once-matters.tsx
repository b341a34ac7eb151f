/** Sold twice, or kept from the other counters by one that has fallen silent: what the office looks into and decides. */
import { useState } from 'react';
import { Button, Form, Label, TextArea, TextField } from 'react-aria-components';
import { isReplacedKey, isTicketKey, numberIn } from '../../once/keys.ts';
import type { DoubleUse, OnceMatters } from '../../once/office.ts';
import { refusalTo } from '../shared/api.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { FieldFault } from '../shared/field-fault.tsx';
import { FormEnd } from '../shared/form-end.tsx';
import { formatDate, formatDayAndTime, formatNumber, formatYen } from '../shared/format.ts';
import { decideOnce, readOnce } from './service.ts';
import { TableHead } from './table-head.tsx';
import { useAnswer } from './use-answer.ts';

/** `会計票 R-1`, `シール A-12（2026年度）`. */
function nameOf(key: string): string {
  if (isTicketKey(key)) return `会計票 ${numberIn(key)}`;
  const year = key.split(':').at(-2) ?? '';
  return `シール ${numberIn(key)}（${year}年度${isReplacedKey(key) ? '・再交付' : ''}）`;
}

interface Deciding {
  key: string;
  what: 'release' | 'settle';
}

export function OnceMattersList() {
  const { value, askAgain } = useAnswer('once', readOnce);
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  if (value === null || value.doubles.length + value.silent.length === 0) return null;
  return (
    <section aria-label="一度だけ使うもの">
      <Doubles doubles={value.doubles} onSettle={(key) => setDeciding({ key, what: 'settle' })} />
      <Silent silent={value.silent} onRelease={(key) => setDeciding({ key, what: 'release' })} />
      {deciding !== null && (
        <DecideDialog
          deciding={deciding}
          onDone={() => {
            setDeciding(null);
            askAgain();
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </section>
  );
}

function Doubles(props: { doubles: readonly DoubleUse[]; onSettle: (key: string) => void }) {
  if (props.doubles.length === 0) return null;
  return (
    <>
      <h2 className="section-title">二重の疑い {props.doubles.length}件</h2>
      <p>
        一度しか使えないものに、2つ以上の会計があります。番号の打ち間違いなら窓口で項目を訂正し、二重に受け取っていたら片方を取り消すか返金してください。
      </p>
      <table className="grid">
        <caption className="unseen">二重の疑いの一覧</caption>
        <TableHead columns={['何が', 'どの会計で', '対応']} />
        <tbody>
          {props.doubles.map(({ key, sales }) => (
            <tr key={key} data-todo="true">
              <td>{nameOf(key)}</td>
              <td>
                <ul>
                  {sales.map(({ counter, number, businessDate, amountYen, tender, windowNameJa }) => (
                    <li key={`${counter} ${String(number)}`}>
                      {`${formatDate(businessDate)}　窓口 ${counter} ${windowNameJa}　`}
                      <span className="unbroken">
                        {`伝票 ${formatNumber(number)}　${formatYen(amountYen)}${tender === 'cash' ? '（現金）' : ''}`}
                      </span>
                    </li>
                  ))}
                </ul>
              </td>
              <td>
                <Button className="button" onPress={() => props.onSettle(key)}>
                  確かめた
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Silent(props: { silent: OnceMatters['silent']; onRelease: (key: string) => void }) {
  if (props.silent.length === 0) return null;
  return (
    <>
      <h2 className="section-title">止まった窓口の取り置き {props.silent.length}件</h2>
      <p>
        会計の直前で止まった窓口が押さえたままです。その窓口が動き出すと自分で外します。動かないときだけ、ここで外してください。
      </p>
      <table className="grid">
        <caption className="unseen">取り置きの一覧</caption>
        <TableHead columns={['何が', '窓口', '押さえた時刻', '記録が最後に届いた時刻', '対応']} />
        <tbody>
          {props.silent.map(({ key, counter, claimedAt, heardAt }) => (
            <tr key={key} data-todo="true">
              <td>{nameOf(key)}</td>
              <td>{counter}</td>
              <td>{formatDayAndTime(claimedAt)}</td>
              <td>{heardAt === null ? 'まだありません' : formatDayAndTime(heardAt)}</td>
              <td>
                <Button className="button" onPress={() => props.onRelease(key)}>
                  取り置きを外す
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const WORDS = {
  settle: {
    title: '二重の疑いを確かめた',
    lead: '一覧から外します。支払いの記録は変わりません。返金や訂正をしたときは、その伝票も書いてください。',
    submit: '確かめた',
  },
  release: {
    title: '取り置きを外す',
    lead: 'ほかの窓口で使えるようにします。止まった窓口ですでに受け取っていたときは、その記録が届くと「二重の疑い」に出ます。',
    submit: '外す',
  },
} as const;

function DecideDialog(props: { deciding: Deciding; onDone: () => void; onClose: () => void }) {
  const { key, what } = props.deciding;
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState<string | null>(null);
  async function decide(): Promise<void> {
    setBusy(true);
    const refused = await refusalTo(() => decideOnce(what, key, note.trim()), NO_ANSWER);
    setBusy(false);
    setMessage(refused);
    if (refused === null) props.onDone();
  }
  return (
    <DialogFrame title={WORDS[what].title} onClose={props.onClose}>
      <p>
        <b>{nameOf(key)}</b>　{WORDS[what].lead}
      </p>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void decide();
        }}
      >
        <TextField value={note} onChange={setNote} autoFocus isRequired maxLength={200}>
          <Label>確かめたこと・理由</Label>
          <TextArea rows={3} />
          <FieldFault />
        </TextField>
        <FormEnd message={message} busy={busy} submit={WORDS[what].submit} onClose={props.onClose} />
      </Form>
    </DialogFrame>
  );
}

const NO_ANSWER = 'サービスの答えがありません。記録されたかどうかは、画面を開き直して確かめてください。';
