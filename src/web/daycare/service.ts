/** What the day's list asks of the service. Labels are in these bodies and answers, never in an address. */
import type { DropReason, StayEntry, StayView } from '../../daycare/daycare.ts';
import { call, type Answer } from '../shared/api.ts';

export const readStays = (): Promise<Answer<StayView[]>> => call('GET', '/api/daycare/stays');

export const addStay = (entry: StayEntry): Promise<Answer<StayView>> =>
  call('POST', '/api/daycare/stays', entry);

export const changeStay = (id: string, changes: Partial<StayEntry>): Promise<Answer<StayView>> =>
  call('POST', `/api/daycare/stays/${encodeURIComponent(id)}`, changes);

export const dropStay = (id: string, reason: DropReason): Promise<Answer<unknown>> =>
  call('POST', `/api/daycare/stays/${encodeURIComponent(id)}/drop`, { reason });
