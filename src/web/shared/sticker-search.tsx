/** シールを調べる: a number and its year of use; who has it, and every sale, replacement and refund. */
import { useEffect, useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import { fiscalYearOf } from '../../business-date.ts';
import { plainSticker } from '../../once/keys.ts';
import { roleOf, standingOf, type StickerHistory, type StickerUse } from '../../once/stickers.ts';
import { Unreachable, type Answer } from './api.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { FieldFault } from './field-fault.tsx';
import { formatDate, formatNumber, formatYen } from './format.ts';
import type { SignKind } from './payment-words.ts';
import { Sign } from './sign.tsx';

interface SearchProps {
  today: string;
  /** Scanned, or searched for before; empty: it is typed here. */
  number: string;
  read: (number: string, year: number) => Promise<Answer<StickerHistory>>;
  /** What opens a sale; null: it can't be opened here. */
  openerOf?: (use: StickerUse) => (() => void) | null;
  onClose: () => void;
}

export function StickerSearch(props: SearchProps) {
  const [asked, setAsked] = useState({ number: props.number, year: fiscalYearOf(props.today) });
  const [typed, setTyped] = useState(props.number);
  const { history, message } = useHistory(props.read, asked);
  const thisYear = fiscalYearOf(props.today);
  return (
    <DialogFrame title="シールを調べる" onClose={props.onClose}>
      <Form
        className="form sticker-form"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked({ ...asked, number: plainSticker(typed) });
        }}
      >
        <TextField
          value={typed}
          onChange={setTyped}
          autoFocus={props.number === ''}
          isRequired
          maxLength={20}
        >
          <Label>シール番号</Label>
          <Input />
          <FieldFault />
        </TextField>
        <div className="sticker-year">
          <label htmlFor="sticker-year">利用年度</label>
          <select
            id="sticker-year"
            value={asked.year}
            onChange={({ target }) => setAsked({ number: plainSticker(typed), year: Number(target.value) })}
          >
            {[thisYear + 1, thisYear, thisYear - 1, thisYear - 2].map((year) => (
              <option key={year} value={year}>
                {year}年度（令和{year - 2018}年度）
              </option>
            ))}
          </select>
        </div>
        <Button className="button" type="submit">
          調べる
        </Button>
      </Form>
      {message !== null && (
        <p className="form-error" role="alert">
          {message}
        </p>
      )}
      {history !== null && <Found history={history} openerOf={props.openerOf} />}
      <div className="dialog-actions">
        <Button className="button primary" onPress={props.onClose}>
          閉じる
        </Button>
      </div>
    </DialogFrame>
  );
}

const NO_ANSWER = 'サービスの答えがありません。もう一度「調べる」を押してください。';

function useHistory(
  read: SearchProps['read'],
  asked: { number: string; year: number },
): { history: StickerHistory | null; message: string | null } {
  const [known, setKnown] = useState<{
    of: object;
    history: StickerHistory | null;
    message: string | null;
  }>();
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      const tell = (history: StickerHistory | null, message: string | null): void => {
        if (!isGone) setKnown({ of: asked, history, message });
      };
      try {
        const answer = await read(asked.number, asked.year);
        if (answer.ok) tell(answer.value, null);
        else tell(null, answer.refusal.message);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        tell(null, NO_ANSWER);
      }
    };
    if (asked.number !== '') void ask();
    return () => {
      isGone = true;
    };
  }, [read, asked]);
  return known?.of === asked ? known : { history: null, message: null };
}

function Found(props: { history: StickerHistory; openerOf: SearchProps['openerOf'] }) {
  const { history, openerOf } = props;
  const { uses, sticker, isComplete } = history;
  const { words, sign } = standingWords(history);
  return (
    <>
      <p className="sticker-standing" role="status">
        <Sign kind={sign} size="small" />
        <b>{sticker}</b>
        <span>{words}</span>
      </p>
      {!isComplete && (
        <p className="tell">
          市の記録につながらないため、このカウンターの記録だけです。ほかのカウンターで売られているかもしれません。
        </p>
      )}
      {uses.length > 0 && (
        <table className="rows sticker-uses">
          <caption className="unseen">シール {sticker} の記録</caption>
          <thead>
            <tr>
              <th scope="col">日</th>
              <th scope="col">伝票</th>
              <th scope="col">内容</th>
              <th scope="col">状態</th>
              <th scope="col" className="row-amount">
                金額
              </th>
            </tr>
          </thead>
          <tbody>
            {uses.map((use) => (
              <UseRow key={`${use.counter} ${use.saleId}`} use={use} sticker={sticker} openerOf={openerOf} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function UseRow(props: { use: StickerUse; sticker: string; openerOf: SearchProps['openerOf'] }) {
  const { use, sticker } = props;
  const open = props.openerOf?.(use) ?? null;
  const what = `${use.lines.map(({ nameJa }) => nameJa).join('、')}${roleWords(use, sticker)}`;
  return (
    <tr>
      <td>{formatDate(use.businessDate)}</td>
      <td>
        {use.counter}・{formatNumber(use.number)}
      </td>
      <td className="sticker-what">
        {open === null ? (
          what
        ) : (
          <Button className="row-button" onPress={open}>
            {what}
          </Button>
        )}
      </td>
      <td>{useWords(use)}</td>
      <td className="row-amount">
        {formatYen(use.amountYen)}
        {use.returnedYen > 0 && <small className="sticker-back">返金 {formatYen(use.returnedYen)}</small>}
      </td>
    </tr>
  );
}

function roleWords(use: StickerUse, sticker: string): string {
  const role = roleOf(use, sticker);
  if (role.does === 'replaces') return `（${role.other} の代わり）`;
  return role.does === 'is_replaced' ? `（新しい番号 ${role.other}）` : '';
}

function useWords({ state, dropped, byHand, tender }: StickerUse): string {
  if (dropped) return '訂正で外した番号';
  const how = { cashless: 'キャッシュレス', cash: '現金', nothing: '0円' }[tender];
  const word = { held: '確認中', used: how, undone: '取消・返金済', free: '支払いなし' }[state];
  return byHand ? `${word}（手入力）` : word;
}

function standingWords(history: StickerHistory): { words: string; sign: SignKind } {
  const standing = standingOf(history);
  switch (standing.is) {
    case 'never_sold':
      return { words: 'この利用年度に売った記録はありません。', sign: 'none' };
    case 'given_back':
      return { words: '取消・返金済みで、いまは使われていません。', sign: 'none' };
    case 'replaced':
      return { words: `再交付済みです。いまの番号は ${standing.by} です。`, sign: 'none' };
    case 'held':
      return { words: '支払いの途中か、結果を確かめています。', sign: 'ask' };
    case 'doubled':
      return {
        words: '2つの伝票に同じ番号があります。番号の打ち間違いか、二重の販売です。',
        sign: 'ask',
      };
    case 'in_use': {
      const { businessDate, number, counter } = standing.use;
      return {
        words: `使われています（${formatDate(businessDate)}・カウンター ${counter}・伝票 ${formatNumber(number)}）。`,
        sign: 'ok',
      };
    }
  }
}
