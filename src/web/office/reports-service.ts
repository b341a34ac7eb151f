/** What the page of reports asks of the service. */
import type { EntryList, LineFilter, ReportView } from '../../reports/view.ts';
import { call, callForFile, type Answer } from '../shared/api.ts';

export type PeriodKind = ReportView['period']['kind'];
export type FileFormat = 'xlsx' | 'csv' | 'csv_cp932' | 'pdf';

const REPORT_WITHIN_MS = 30_000;
const FILE_WITHIN_MS = 60_000;

const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();

/** `on`: any day of the period. */
export const readReport = (kind: PeriodKind, on: string): Promise<Answer<ReportView>> =>
  call('GET', `/api/office/reports?${query({ kind, on })}`, undefined, REPORT_WITHIN_MS);

export const readLines = (
  kind: PeriodKind,
  on: string,
  filter: LineFilter,
  skip: number,
): Promise<Answer<EntryList>> =>
  call(
    'GET',
    `/api/office/reports/lines?${query({ kind, on, filter: JSON.stringify(filter), skip: String(skip) })}`,
    undefined,
    REPORT_WITHIN_MS,
  );

/** @param mayReplace a 〓 for what Shift_JIS has not */
export const makeFile = (kind: PeriodKind, on: string, format: FileFormat, mayReplace: boolean) =>
  callForFile(
    `/api/office/reports/file?${query({ kind, on, format, ...(mayReplace ? { replace: 'yes' } : {}) })}`,
    FILE_WITHIN_MS,
  );
