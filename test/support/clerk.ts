/** A clerk and a resident at a running house, by HTTP. Waits by listening to the event stream, never by time. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import type { Changes, OpenPrompt, Snapshot, TerminalStatus } from '../../src/live.ts';
import type { SaleRequest } from '../../src/payments/checks.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import type { House } from './house-process.ts';

/** What the resident does at the virtual terminal; its README has the list. */
export type Act = Record<string, unknown> & { act: string };

export function saleOf(change: Partial<SaleRequest> = {}): SaleRequest {
  return {
    id: randomUUID(),
    window: 'resident',
    lines: [{ code: 'CIT-JUM', quantity: 1 }],
    totalYen: 400,
    method: 'credit',
    ...change,
  };
}

export function post(house: House, path: string, body: object = {}): request.Test {
  return request(house.counter).post(path).set('Authorization', `Bearer ${house.apiToken}`).send(body);
}

export function get(house: House, path: string, base = house.counter): request.Test {
  return request(base).get(path).set('Authorization', `Bearer ${house.apiToken}`);
}

/** Presses 支払う; the payment is recorded when this resolves. */
export async function press(house: House, sale: SaleRequest): Promise<PaymentView> {
  const { body } = (await post(house, '/api/payments', sale).expect(202)) as { body: unknown };
  return body as PaymentView;
}

/** What the residents of the next sales do by themselves, in turn. */
export async function planResidents(house: House, steps: object[], repeat = false): Promise<void> {
  await request(house.virtualTerminal).post('/script').send({ steps, repeat }).expect(200);
}

/** What the resident does as soon as the terminal waits for it (409 until then). */
export async function actAsResident(house: House, act: Act): Promise<void> {
  for (;;) {
    const { status } = await request(house.virtualTerminal).post('/resident').send(act);
    if (status === 200) return;
    assert.equal(status, 409);
  }
}

/** The house as a resident meets it at its second terminal. */
export function atSecondTerminal(house: House): House {
  const [, second] = [...house.output().matchAll(/virtual terminal: (\S+)/g)].map(([, url]) => url);
  return { ...house, virtualTerminal: second ?? assert.fail('one terminal only') };
}

/** At the terminal's cable. */
export async function handleCable(house: House, act: 'pull_cable' | 'plug_cable'): Promise<void> {
  await request(house.virtualTerminal).post('/resident').send({ act }).expect(200);
}

export interface BookEntry {
  amount: number;
  brand: string;
  state: string;
}

/** What the terminal really took: its own book. */
export async function readBook(house: House): Promise<BookEntry[]> {
  const { body } = (await request(house.virtualTerminal).get('/book').expect(200)) as { body: unknown };
  return (body as { entries: BookEntry[] }).entries;
}

/** The payment, once it is as wanted. */
export async function waitForPayment(
  house: House,
  id: string,
  isWanted: (payment: PaymentView) => boolean = ({ state }) => state !== 'armed',
): Promise<PaymentView> {
  let found: PaymentView | undefined;
  await listenUntil(house, (name, data) => {
    const payments =
      name === 'snapshot' ? (data as Snapshot).payments : name === 'payment' ? [data as PaymentView] : [];
    found = payments.find((payment) => payment.id === id && isWanted(payment));
    return found !== undefined;
  });
  assert.ok(found !== undefined);
  return found;
}

/** Once the terminal is in that state. */
export async function waitForTerminal(house: House, state: TerminalStatus['state'], id = '1'): Promise<void> {
  await listenUntil(house, (name, data) => {
    const terminals =
      name === 'snapshot'
        ? (data as Snapshot).terminals
        : name === 'terminal'
          ? [data as TerminalStatus]
          : [];
    return terminals.some((terminal) => terminal.id === id && terminal.state === state);
  });
}

/** The question of a terminal without a link, once it is asked. */
export async function waitForPrompt(house: House, titleJa: RegExp): Promise<OpenPrompt> {
  let found: OpenPrompt | undefined;
  await listenUntil(house, (name, data) => {
    const prompts =
      name === 'snapshot' ? (data as Snapshot).prompts : name === 'prompts' ? (data as OpenPrompt[]) : [];
    found = prompts.find(({ prompt }) => titleJa.test(prompt.titleJa));
    return found !== undefined;
  });
  assert.ok(found !== undefined);
  return found;
}

/** Tells what happened there; everything typed twice alike. */
export function answerPrompt(
  house: House,
  { id, terminal }: OpenPrompt,
  outcome: string,
  values: Record<string, string> = {},
): request.Test {
  return post(house, `/api/terminals/${terminal}/prompt/${id}`, {
    outcome,
    values,
    again: values,
    scan: null,
  });
}

/** Once the record is in that state. */
export async function waitForRecord(house: House, state: Snapshot['record']['state']): Promise<void> {
  await listenUntil(house, (name, data) => {
    const record = name === 'snapshot' ? (data as Snapshot).record : data;
    return (name === 'snapshot' || name === 'record') && (record as Snapshot['record']).state === state;
  });
}

async function listenUntil(
  house: House,
  isEnough: (name: keyof Changes | 'snapshot', data: unknown) => boolean,
): Promise<void> {
  const stop = new AbortController();
  const response = await fetch(`${house.counter}/api/events`, {
    headers: { Authorization: `Bearer ${house.apiToken}` },
    signal: stop.signal,
  });
  assert.ok(response.body !== null);
  let text = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const messages = text.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(message) ?? [];
      if (name === undefined || data === undefined) continue;
      if (isEnough(name as keyof Changes, JSON.parse(data))) {
        stop.abort();
        return;
      }
    }
  }
  assert.fail('the event stream ended');
}
