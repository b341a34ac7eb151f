/** The virtual terminal's page, and the same over HTTP for scripts. */
import { z } from 'zod';
import { servePage } from '../../../src/terminal/virtual-page.ts';
import { BRANDS } from '../brands.ts';
import { keySchema, residentSchema, type VirtualTerminal } from './terminal.ts';

const scriptSchema = z.object({ steps: z.array(residentSchema) }).strict();

const answer = (wasTaken: boolean): string | undefined =>
  wasTaken ? undefined : '端末は今、その操作を待っていません。';

/** Serves it on 127.0.0.1; `stop`: the page's own switch was pressed. */
export const openServer = (
  terminal: VirtualTerminal,
  port: number,
  stop: () => void,
): ReturnType<typeof servePage> =>
  servePage({
    page: new URL('./page/', import.meta.url),
    port,
    played: {
      state: () => terminal.state(),
      book: () => terminal.book(),
      brands: BRANDS,
      subscribe: (listener) => terminal.subscribe(listener),
      stop,
    },
    addOrders(add) {
      add('/key', keySchema, async (key) => answer(await terminal.press(key)));
      add('/resident', residentSchema, async (act) => answer(await terminal.resident(act)));
      add('/script', scriptSchema, ({ steps }) => {
        terminal.plan(steps);
        return undefined;
      });
    },
  });
