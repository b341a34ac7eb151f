/** Bars in parts. Each part has a pattern of its own, and every figure stands in a table of the report. */
import { useId } from 'react';
import type { Plot } from '../../reports/view.ts';
import { formatYen } from '../shared/format.ts';

const [WIDTH, HEIGHT] = [620, 220];
/** Free for the names below, and above. */
const [BOTTOM, TOP] = [28, 10];
/** Free for the scale: as wide as its longest figure. */
const leftOf = (top: number): number => 20 + 8.5 * formatYen(top).length;
const PATTERNS = 4;

export function ReportPlot({ plot }: { plot: Plot }) {
  const id = useId();
  const { titleJa, parts, bars } = plot;
  const top = niceTop(Math.max(...bars.map(({ yen }) => sum(yen)), 1));
  const heightOf = (yen: number): number => ((HEIGHT - BOTTOM - TOP) * Math.max(0, yen)) / top;
  const left = leftOf(top);
  const step = (WIDTH - left) / bars.length;
  const thick = Math.min(step * 0.72, 64);
  const fill = (part: number): string => `url(#${id}-${String(part % PATTERNS)})`;
  return (
    <figure className="plot">
      <figcaption>{titleJa}</figcaption>
      <svg
        viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
        role="img"
        aria-label={`${titleJa}。数字は下の表にあります。`}
      >
        <defs>
          {Array.from({ length: PATTERNS }, (_, part) => (
            <Pattern key={part} id={`${id}-${String(part)}`} part={part} />
          ))}
        </defs>
        <Scale top={top} heightOf={heightOf} />
        {bars.map(({ nameJa, yen }, index) => (
          <g key={nameJa}>
            {yen.map((part, place) => (
              <rect
                key={place}
                className={`plot-part plot-part-${String(place % PATTERNS)}`}
                x={left + index * step + (step - thick) / 2}
                y={HEIGHT - BOTTOM - heightOf(sum(yen.slice(0, place + 1)))}
                width={thick}
                height={heightOf(part)}
                fill={fill(place)}
              />
            ))}
            {(bars.length <= 16 || index % 2 === 0) && (
              <text className="plot-name" x={left + (index + 0.5) * step} y={HEIGHT - 8}>
                {nameJa}
              </text>
            )}
          </g>
        ))}
      </svg>
      <Legend parts={parts} fill={fill} />
    </figure>
  );
}

function Scale({ top, heightOf }: { top: number; heightOf: (yen: number) => number }) {
  const left = leftOf(top);
  return [0, top / 2, top].map((yen) => {
    const y = HEIGHT - BOTTOM - heightOf(yen);
    return (
      <g key={yen}>
        <line className="plot-line" x1={left} x2={WIDTH} y1={y} y2={y} />
        <text className="plot-scale" x={left - 8} y={y + 4}>
          {formatYen(yen)}
        </text>
      </g>
    );
  });
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

/** 1, 2 or 5 times a power of ten, not below it. */
function niceTop(yen: number): number {
  const power = 10 ** Math.floor(Math.log10(yen));
  return ([1, 2, 5, 10].find((times) => times * power >= yen) ?? 10) * power;
}
