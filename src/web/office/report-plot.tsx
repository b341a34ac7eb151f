/** Bars in parts. Each part has a pattern of its own, and every figure can be read in a table below. */
import { useId } from 'react';
import type { Plot } from '../../reports/view.ts';
import { formatYen } from '../shared/format.ts';

const [WIDTH, HEIGHT] = [560, 240];
/** Free for the names below, and for a bar's sum above. */
const [BOTTOM, TOP] = [28, 24];
const PATTERNS = 4;
/** So few bars have their sums written above them; so many, every second name only. */
const [FEW, MANY] = [6, 16];

export function ReportPlot({ plot }: { plot: Plot }) {
  const id = useId();
  const { titleJa, parts, bars } = plot;
  const marks = scaleOf(Math.max(...bars.map(({ yen }) => sum(yen)), 1));
  const left = Math.max(...marks.map(({ nameJa }) => widthOf(nameJa))) + 16;
  const heightOf = (yen: number): number =>
    ((HEIGHT - BOTTOM - TOP) * Math.max(0, yen)) / (marks.at(-1)?.yen ?? 1);
  const yOf = (yen: number): number => HEIGHT - BOTTOM - heightOf(yen);
  const step = (WIDTH - left) / bars.length;
  const thick = Math.min(step * 0.72, 64);
  const fill = (part: number): string => `url(#${id}-${String(part % PATTERNS)})`;
  return (
    <figure className="plot">
      <figcaption>{titleJa}</figcaption>
      <svg
        viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
        role="img"
        aria-label={`${titleJa}。数字は「数字を表で見る」にあります。`}
      >
        <defs>
          {Array.from({ length: PATTERNS }, (_, part) => (
            <Pattern key={part} id={`${id}-${String(part)}`} part={part} />
          ))}
        </defs>
        <Scale marks={marks} left={left} yOf={yOf} />
        {bars.map(({ nameJa, yen }, index) => (
          <g key={nameJa}>
            {yen.map((part, place) => (
              <rect
                key={place}
                className={`plot-part plot-part-${String(place % PATTERNS)}`}
                x={left + index * step + (step - thick) / 2}
                y={yOf(sum(yen.slice(0, place + 1)))}
                width={thick}
                height={heightOf(part)}
                fill={fill(place)}
              />
            ))}
            {bars.length <= FEW && (
              <text className="plot-sum" x={left + (index + 0.5) * step} y={yOf(sum(yen)) - 7}>
                {formatYen(sum(yen))}
              </text>
            )}
            {(bars.length <= MANY || index % 2 === 0) && (
              <text className="plot-name" x={left + (index + 0.5) * step} y={HEIGHT - 8}>
                {nameJa}
              </text>
            )}
          </g>
        ))}
      </svg>
      <Legend parts={parts} fill={fill} />
      <Numbers plot={plot} />
    </figure>
  );
}

interface Mark {
  yen: number;
  nameJa: string;
}

function Scale(props: { marks: readonly Mark[]; left: number; yOf: (yen: number) => number }) {
  const { marks, left, yOf } = props;
  return marks.map(({ yen, nameJa }) => (
    <g key={yen}>
      <line className="plot-line" x1={left} x2={WIDTH} y1={yOf(yen)} y2={yOf(yen)} />
      <text className="plot-scale" x={left - 8} y={yOf(yen) + 5}>
        {nameJa}
      </text>
    </g>
  ));
}

function Legend({ parts, fill }: { parts: readonly string[]; fill: (part: number) => string }) {
  return (
    <ul className="plot-legend">
      {parts.map((name, part) => (
        <li key={name}>
          <svg viewBox="0 0 18 18" aria-hidden="true">
            <rect
              className={`plot-part plot-part-${String(part)}`}
              width="18"
              height="18"
              fill={fill(part)}
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

/** The same as the picture, for whoever reads it by ear or wants it to the yen. */
function Numbers({ plot: { titleJa, parts, bars } }: { plot: Plot }) {
  return (
    <details className="report-fold">
      <summary>
        数字を表で見る<span className="unseen">（{titleJa}）</span>
      </summary>
      <div className="report-scroll" role="group" aria-label={`${titleJa}の表`} tabIndex={0}>
        <table className="grid plot-numbers">
          <caption className="unseen">{titleJa}</caption>
          <thead>
            <tr>
              <td />
              {[...parts, '合計'].map((name) => (
                <th key={name} scope="col" className="n">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars.map(({ nameJa, yen }) => (
              <tr key={nameJa}>
                <th scope="row">{nameJa}</th>
                {[...yen, sum(yen)].map((each, place) => (
                  <td key={place} className="n">
                    {formatYen(each)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** Full, striped, dotted, crossed: told apart without any colour. */
function Pattern({ id, part }: { id: string; part: number }) {
  return (
    <pattern
      id={id}
      width="8"
      height="8"
      patternUnits="userSpaceOnUse"
      className={`plot-ink-${String(part)}`}
    >
      <rect className={part === 0 ? 'plot-full' : 'plot-ground'} width="8" height="8" />
      {part === 1 && <path className="plot-stroke" d="M-2 10 10 -2M-2 2 2 -2M6 10 10 6" />}
      {part === 2 && <circle className="plot-full" cx="4" cy="4" r="2" />}
      {part === 3 && <path className="plot-stroke" d="M0 4H8M4 0V8" />}
    </pattern>
  );
}

const sum = (yen: readonly number[]): number => yen.reduce((all, part) => all + Math.max(0, part), 0);

/** From 0 in steps of 1, 2, 2.5 or 5 times a power of ten, three to five of them, until nothing stands above. */
function scaleOf(highest: number): Mark[] {
  const power = 10 ** Math.floor(Math.log10(highest / 4));
  const step = Math.ceil(([1, 2, 2.5, 5].find((times) => times * power * 4 >= highest) ?? 10) * power);
  const nameJa = (yen: number): string =>
    step < 10_000 || yen === 0 ? formatYen(yen) : `${(yen / 10_000).toLocaleString('ja-JP')}万円`;
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, index) => ({
    yen: index * step,
    nameJa: nameJa(index * step),
  }));
}

/** Of a mark of the scale, in the picture's own units. */
const widthOf = (text: string): number =>
  Array.from(text).reduce((width, character) => width + (/[\d,.]/.test(character) ? 9 : 15), 0);
