/** Reports (帳票): a day, a month or a fiscal year, on the screen and as a file. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { dayAfter, dayBefore, fiscalYearOf } from '../../business-date.ts';
import type { ReportView, Section } from '../../reports/view.ts';
import { Fault } from './fault.tsx';
import { NearestDays } from './nearest-days.tsx';
import { ChoiceField, DayField } from './page-fields.tsx';
import { addressOf, lead, useAskedDay, usePlace } from './place.ts';
import { ReportFiles } from './report-files.tsx';
import { ReportLines } from './report-lines.tsx';
import { ReportPlot } from './report-plot.tsx';
import { ReportTable, type LookedInto } from './report-table.tsx';
import { readReport, type PeriodKind } from './reports-service.ts';
import { useAnswer } from './use-answer.ts';

const KINDS = [
  ['day', '日計'],
  ['month', '月計'],
  ['year', '年度'],
] as const;
/** Of use to few: opened on demand, as is whatever is longer than a page or two. */
const FOLDED: readonly string[] = ['items', 'counters', 'detail', 'origin'];
const LONGEST_OPEN = 40;
const isFolded = ({ id, rows }: Section): boolean => FOLDED.includes(id) || rows.length > LONGEST_OPEN;

/** How many rows a folded table has, and how many of them somebody has to look at. */
function rowsJa({ rows }: Section): string {
  const todo = rows.filter(({ isTodo }) => isTodo === true).length;
  return `${String(rows.length)}行${todo === 0 ? '' : `、要確認 ${String(todo)}行`}`;
}

/** A year is added up anew from all of its payments: seldomer than a day. */
const EVERY_MS: Record<PeriodKind, number> = { day: 60_000, month: 600_000, year: 600_000 };

/** The same for every day of a period: another day of the same month is no other report. */
const keyOf = (kind: PeriodKind, on: string): string =>
  `report ${kind} ${{ day: on, month: on.slice(0, 7), year: String(fiscalYearOf(on)) }[kind]}`;

/** The report that the address names, which can be sent to a colleague; without one, that of the newest day. */
function useAskedReport(newestDay: string): { kind: PeriodKind; on: string } {
  const { asked } = usePlace();
  const kind = KINDS.find(([each]) => each === asked.get('kind'))?.[0] ?? 'day';
  return { kind, on: useAskedDay(newestDay) };
}

/** Every report is a step of the browser's own: its back button leads to the one before. */
const show = (kind: string, on: string, isFurther = false): void =>
  lead(addressOf('reports', { kind, on }), isFurther);

export function ReportsPage({ today, newestDay }: { today: string; newestDay: string }) {
  const { kind, on } = useAskedReport(newestDay);
  const key = keyOf(kind, on);
  const [looked, setLooked] = useState<{ key: string; figure: LookedInto } | null>(null);
  // By the back button: of another report it is no figure.
  if (looked !== null && looked.key !== key) setLooked(null);
  const { value, fault, askAgain } = useAnswer(key, () => readReport(kind, on), EVERY_MS[kind]);
  const showDay = (day: string, isFurther?: boolean): void => show(kind, day, isFurther);
  return (
    <>
      <Fault message={fault} />
      <div className="payments-head">
        <h2 className="lead">
          {value === null ? '帳票' : `${value.period.titleJa}　${value.period.nameJa}`}
        </h2>
        <ChoiceField label="期間" value={kind} choices={KINDS} onChange={(next) => show(next, on)} />
        <DayField label="日付" today={today} value={on} max={today} onChange={showDay} />
        {value !== null && kind !== 'day' && <Steps period={value.period} today={today} onStep={showDay} />}
      </div>
      {value === null && fault === null && <p>読み込んでいます</p>}
      {value !== null && (
        <>
          <Told report={value} />
          {value.isEmpty && (
            <NearestDays from={value.period.from} until={value.period.until} onShow={showDay} />
          )}
          <ReportFiles key={key} kind={kind} on={on} />
          <Plots report={value} />
          <Sections sections={value.sections} onLook={(each) => setLooked({ key, figure: each })} />
        </>
      )}
      {looked?.key === key && (
        <ReportLines
          {...{ kind, on, figure: looked.figure }}
          onClose={() => setLooked(null)}
          onStale={() => {
            setLooked(null);
            askAgain();
          }}
        />
      )}
    </>
  );
}

/** What has no rows is named in one line, so that nothing seems to be missing. */
function Sections(props: { sections: readonly Section[]; onLook: (figure: LookedInto) => void }) {
  const empty = props.sections.filter(({ rows }) => rows.length === 0);
  return (
    <>
      {props.sections
        .filter(({ rows }) => rows.length > 0)
        .map((section) =>
          isFolded(section) ? (
            <details key={section.id} className="report-fold">
              <summary>
                {section.titleJa}（{rowsJa(section)}）
              </summary>
              <ReportTable section={section} onLook={props.onLook} />
            </details>
          ) : (
            <ReportTable key={section.id} section={section} onLook={props.onLook} />
          ),
        )}
      {empty.length > 0 && (
        <p className="form-note">該当するものがない欄：{empty.map(({ titleJa }) => titleJa).join('、')}。</p>
      )}
    </>
  );
}

function Steps(props: { period: ReportView['period']; today: string; onStep: (day: string) => void }) {
  const { period, today, onStep } = props;
  const next = dayAfter(period.until);
  return (
    <div className="report-buttons">
      <Button className="button" onPress={() => onStep(dayBefore(period.from))}>
        前へ
      </Button>
      <Button className="button" isDisabled={next > today} onPress={() => onStep(next)}>
        次へ
      </Button>
    </div>
  );
}

function Told({ report: { sentence, origin } }: { report: ReportView }) {
  return (
    <>
      <p className="sum">{sentence}</p>
      {origin.warnings.length > 0 && (
        <div className="tell">
          <b>この帳票を使う前に</b>
          <ul className="notes">
            {origin.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function Plots({ report: { plots } }: { report: ReportView }) {
  if (plots.length === 0) return null;
  return (
    <div className="plots">
      {plots.map((plot) => (
        <ReportPlot key={plot.titleJa} plot={plot} />
      ))}
    </div>
  );
}
