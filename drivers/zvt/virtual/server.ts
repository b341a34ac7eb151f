/** The page to play the resident, and the same over HTTP for scripts; see README.md. */
import { z } from 'zod';
import { servePage } from '../../../src/terminal/virtual-page.ts';
import { BRAND_PROFILE } from '../brands.ts';
import { aloneSchema } from './alone.ts';
import { purseSchema } from './emoney.ts';
import { faultsSchema } from './faults.ts';
import { actSchema, scriptSchema } from './resident.ts';
import type { Screen } from './screen.ts';
import { changeSchema } from './settings.ts';
import type { VirtualTerminal } from './virtual.ts';

const cableSchema = z.object({ act: z.enum(['pull_cable', 'plug_cable']) }).strict();
const residentSchema = z.union([
  cableSchema.transform(({ act }) => ({ cable: act })),
  actSchema.transform((act) => ({ act })),
]);
const powerSchema = z.object({ backAfterMs: z.int().min(0).optional() }).strict();

/** Serves it on 127.0.0.1. @param port 0: any that is free */
export const openServer = (
  virtual: Omit<VirtualTerminal, 'http'>,
  screen: Screen,
  port: number,
): ReturnType<typeof servePage> =>
  servePage({
    page: new URL('./page/', import.meta.url),
    port,
    played: {
      state: virtual.state,
      book: virtual.book,
      brands: BRAND_PROFILE.map(({ brand, nameJa, method }) => ({ brand, nameJa, method })),
      subscribe: (listener) => screen.subscribe(listener),
      stop: () => void virtual.stop(),
    },
    addOrders(add) {
      add('/resident', residentSchema, async (order) => {
        if ('act' in order)
          return virtual.resident(order.act) ? undefined : '端末は今、その操作を待っていません。';
        await (order.cable === 'pull_cable' ? virtual.pullCable() : virtual.plugCable());
        return undefined;
      });
      add('/alone', aloneSchema, (sale) =>
        virtual.sellAlone(sale) === undefined ? '端末は今、この売上を受けられません。' : undefined,
      );
      add('/script', scriptSchema, ({ steps, repeat }) => {
        virtual.plan(steps, repeat);
        return undefined;
      });
      add('/faults', faultsSchema, ({ faults }) => {
        virtual.planFaults(faults);
        return undefined;
      });
      add('/settings', changeSchema, (settings) => {
        virtual.change(settings);
        return undefined;
      });
      add('/purse', purseSchema, ({ yen }) => {
        virtual.fillPurse(yen);
        return undefined;
      });
      add('/power', powerSchema, async ({ backAfterMs }) => {
        await virtual.losePower(backAfterMs);
        return undefined;
      });
    },
  });
