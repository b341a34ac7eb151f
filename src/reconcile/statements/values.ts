/** Dates, times and amounts as statements write them. Pure; undefined: it is none. */
import type { DateForm } from './format.ts';

/** First day of each era, and the letters that stand for it. */
const ERAS: readonly { names: readonly string[]; firstYear: number }[] = [
  { names: ['令和', '令', 'R', 'r', '㋿'], firstYear: 2019 },
  { names: ['平成', '平', 'H', 'h', '㍻'], firstYear: 1989 },
];
const REIWA = 2019;

/** `YYYY-MM-DD` in Japan, if there is such a day: what says its own zone may be another day there. */
export function readDate(text: string, form: DateForm): string | undefined {
  const plain = text.normalize('NFKC').trim();
  switch (form) {
    case 'iso':
      if (/(Z|[+-]\d{2}:?\d{2})$/.test(plain) && plain.includes(':')) {
        const at = readInstant(plain, 'iso');
        return at === undefined ? undefined : tokyoDay(Date.parse(at));
      }
      return dayOf(/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?$/.exec(plain));
    case 'yyyymmdd':
      return dayOf(/^(\d{4})(\d{2})(\d{2})$/.exec(plain));
    case 'yymmdd':
      return dayOf(/^(\d{2})(\d{2})(\d{2})$/.exec(plain), 2000);
    case 'era_yymmdd':
      return dayOf(/^(\d{2})(\d{2})(\d{2})$/.exec(plain), REIWA - 1);
    case 'era':
      return readEra(plain);
    case 'epoch':
      return /^\d{9,11}$/.test(plain) ? tokyoDay(Number(plain) * 1000) : undefined;
  }
}

function readEra(text: string): string | undefined {
  const found = /^(\p{L}+|.)\s*(\d{1,2}|元)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?$/u.exec(text);
  const era = ERAS.find(({ names }) => names.includes(found?.[1] ?? ''));
  if (found === null || era === undefined) return undefined;
  const year = found[2] === '元' ? 1 : Number(found[2]);
  return dayOf([text, String(era.firstYear - 1 + year), found[3] ?? '', found[4] ?? '']);
}

function dayOf(parts: readonly string[] | null, addYears = 0): string | undefined {
  if (parts === null) return undefined;
  const [year = NaN, month = NaN, day = NaN] = parts.slice(1, 4).map(Number);
  const date = new Date(Date.UTC(year + addYears, month - 1, day));
  if (Number.isNaN(date.getTime()) || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return undefined;
  return date.toISOString().slice(0, 10);
}

const tokyoDay = (epochMs: number): string => new Date(epochMs + 9 * 3_600_000).toISOString().slice(0, 10);

/** An instant, from a day in Japan and a time of it. */
export function readTime(day: string, text: string): string | undefined {
  const found = /^(\d{1,2}):?(\d{2})(?::?(\d{2}))?$/.exec(text.normalize('NFKC').trim());
  if (found === null) return undefined;
  const [hours = NaN, minutes = NaN, seconds = NaN] = [found[1], found[2], found[3] ?? '0'].map((part) =>
    Number(part),
  );
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const clock = [hours, minutes, seconds].map((part) => String(part).padStart(2, '0')).join(':');
  return new Date(`${day}T${clock}+09:00`).toISOString();
}

/** An instant in ISO 8601, in Japan where it names no zone, or in seconds since 1970. */
export function readInstant(text: string, form: 'iso' | 'epoch'): string | undefined {
  if (form === 'epoch')
    return /^\d{9,11}$/.test(text) ? new Date(Number(text) * 1000).toISOString() : undefined;
  const found = /^(\d{4}[-/]\d{2}[-/]\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(
    text.trim(),
  );
  if (found === null) return undefined;
  const [, day = '', clock = '', zone = '+09:00'] = found;
  const instant = new Date(`${day.replaceAll('/', '-')}T${clock}${zone}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}

const MOST_YEN = 2_000_000_000;

/** Integer yen; △, ▲, −, a minus on either side and brackets are minus. Parts of a yen are none. */
export function readYen(text: string): number | undefined {
  const plain = text.normalize('NFKC').replaceAll(/[\s,¥円\\]/g, '');
  const found = /^([△▲−-]|\()?(\d+)(?:\.0+)?(\)|-)?$/.exec(plain);
  if (found === null) return undefined;
  const [, before, digits = '', after] = found;
  if ((before === '(') !== (after === ')') || (before !== undefined && after === '-')) return undefined;
  const yen = Number(digits);
  if (yen > MOST_YEN) return undefined;
  return before === undefined && after === undefined ? yen : -yen || 0;
}
