/** The page to play the resident at the reader, and the same over HTTP for scripts; see README.md. */
import { z } from 'zod';
import { servePage } from '../../../src/terminal/virtual-page.ts';
import { faultsSchema } from './faults.ts';
import { CARDS } from './objects.ts';
import { actSchema, scriptSchema } from './reader.ts';
import type { Controls } from './controls.ts';

const cableSchema = z.strictObject({ act: z.enum(['pull_cable', 'plug_cable']) });
const residentSchema = z.union([
  cableSchema.transform(({ act }) => ({ cable: act })),
  actSchema.transform((act) => ({ act })),
]);

/** Serves it on 127.0.0.1. @param port 0: any that is free */
export const openPage = (controls: Controls, port: number): ReturnType<typeof servePage> =>
  servePage({
    page: new URL('./page/', import.meta.url),
    port,
    played: {
      state: controls.state,
      book: controls.book,
      brands: CARDS.map(({ brand, nameJa, funding }) => ({ brand, nameJa, method: funding })),
      subscribe: controls.subscribe,
      stop: () => void controls.stop(),
    },
    addOrders(add) {
      add('/resident', residentSchema, (order) => {
        if ('act' in order)
          return controls.act(order.act) ? undefined : 'リーダーは今、その操作を待っていません。';
        if (order.cable === 'pull_cable') controls.pullCable();
        else controls.plugCable();
        return undefined;
      });
      add('/script', scriptSchema, ({ steps, repeat }) => {
        controls.plan(steps, repeat);
        return undefined;
      });
      add('/faults', faultsSchema, ({ faults }) => {
        controls.planFaults(faults);
        return undefined;
      });
      add('/payout', z.unknown(), () => (controls.payOut() ? undefined : '支払う残高がありません。'));
    },
  });
