/** キャッシュレス比率: by month and by window, with what it is a share of. */
import { useState } from 'react';
import { fiscalYearOf } from '../../business-date.ts';
import { monthsOf, shareOf, type Share, type TenderCount } from '../../counted/share.ts';
import { formatYen } from '../shared/format.ts';
import { Bar } from './bar.tsx';
import { Fault } from './fault.tsx';
import { NearestDays } from './nearest-days.tsx';
import { ChoiceField, windowChoices } from './page-fields.tsx';
import { readTenders, readWindows } from './service.ts';
import { percent } from './tenders.tsx';
import { useAnswer } from './use-answer.ts';

const YEARS_SHOWN = 5;

export function SharePage({ today, newestDay }: { today: string; newestDay: string }) {
  const thisYear = fiscalYearOf(today);
  const [year, setYear] = useState(fiscalYearOf(newestDay));
  const [window, setWindow] = useState('');
  const tenders = useAnswer(`tenders ${year}`, () => readTenders(`${year}-04-01`, `${year + 1}-03-31`));
  const windows = useAnswer('windows', readWindows);
  const all = tenders.value ?? [];
  const shown = all.filter((each) => window === '' || each.window === window);
  const years = [
    ...new Set([...Array.from({ length: YEARS_SHOWN }, (_, index) => thisYear - index), year]),
  ].map(String);
  const codes = [
    ...new Set([...(windows.value ?? []).map(({ code }) => code), ...all.map((each) => each.window)]),
  ];
  const nameOf = (code: string): string => windows.value?.find((each) => each.code === code)?.nameJa ?? code;
  return (
    <>
      <Fault message={tenders.fault ?? windows.fault} />
      <h2 className="lead">キャッシュレス比率</h2>
      <div className="page-tools">
        <ChoiceField
          label="年度"
          value={String(year)}
          choices={years.map((each) => [each, `${each}年度`])}
          onChange={(next) => setYear(Number(next))}
        />
        <ChoiceField
          label="窓口"
          value={window}
          choices={windowChoices(windows.value ?? [], true)}
          onChange={setWindow}
        />
      </div>
      <p className="sum">{sentenceOf(shareOf(shown))}</p>
      {tenders.value?.length === 0 && (
        <NearestDays
          from={`${year}-04-01`}
          until={`${year + 1}-03-31`}
          onShow={(day) => setYear(fiscalYearOf(day))}
        />
      )}
      <ShareTable
        nameJa="月ごと"
        rows={monthsOf(year).map((month) => [
          monthWords(month),
          shown.filter((each) => each.month === month),
        ])}
      />
      {window === '' && (
        <ShareTable
          nameJa="窓口ごと"
          rows={codes.map((code) => [nameOf(code), all.filter((each) => each.window === code)])}
        />
      )}
      <p className="form-note">
        比率は、キャッシュレスで払った会計が、キャッシュレスと現金の会計（分母）に占める割合です。0円の会計は分母に入りません。端末で取り消した会計は数えず、あとからの返金は引いていません。市の記録に届いた分です。
      </p>
    </>
  );
}

const monthWords = (month: string): string => `${month.slice(0, 4)}年${Number(month.slice(5))}月`;

function sentenceOf({ cashless, paid, byCount, byAmount }: Share): string {
  if (paid.count === 0) return 'この年度の会計は、市の記録にまだありません。';
  return `${paid.count.toLocaleString('ja-JP')}件のうち ${cashless.count.toLocaleString('ja-JP')}件がキャッシュレス。件数で ${percent(byCount)}、金額で ${percent(byAmount)}です。`;
}

function ShareTable(props: { nameJa: string; rows: readonly (readonly [string, readonly TenderCount[]])[] }) {
  return (
    <table className="grid">
      <caption>{props.nameJa}</caption>
      <thead>
        <tr>
          <th scope="col">{props.nameJa}</th>
          {['キャッシュレス', '現金', '分母（合計）', '0円', '比率（件数）', '比率（金額）'].map((name) => (
            <th key={name} scope="col" className="n">
              {name}
            </th>
          ))}
          <th scope="col">
            <span className="unseen">件数の比率の図</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map(([name, counts]) => (
          <ShareRow key={name} name={name} share={shareOf(counts)} />
        ))}
      </tbody>
    </table>
  );
}

function ShareRow({ name, share }: { name: string; share: Share }) {
  const { cashless, cash, paid, nothing, byCount, byAmount } = share;
  // Before the counters began, or still to come: no sale is not the same as sales of 0.
  const isEmpty = paid.count + nothing.count === 0;
  return (
    <tr>
      <th scope="row" className="whole">
        {name}
      </th>
      {[cashless, cash, paid].map((sum, index) => (
        <td key={index} className="n">
          {isEmpty ? (
            '—'
          ) : (
            <>
              {sum.count.toLocaleString('ja-JP')}件
              <br />
              <small>{formatYen(sum.amountYen)}</small>
            </>
          )}
        </td>
      ))}
      <td className="n">{isEmpty ? '—' : `${nothing.count.toLocaleString('ja-JP')}件`}</td>
      <td className="n">{percent(byCount)}</td>
      <td className="n">{percent(byAmount)}</td>
      <td className="share-bar">
        <Bar part={byCount ?? 0} of={1000} />
      </td>
    </tr>
  );
}
