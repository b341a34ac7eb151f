/** What the screen works from: the session, the windows, today's fees, the brands. Asked for until it is there. */
import { useEffect, useRef, useState } from 'react';
import { DEFAULT_SETTINGS, type Brand, type FeeWindow } from '../../fees/catalogue.ts';
import type { PricedItem, PricingDay } from '../../fees/pricing.ts';
import { Unreachable } from '../shared/api.ts';
import { readBrands, readFees, readSession, readWindows, type FeeList } from './service.ts';
import type { Session } from './session.ts';

export interface Reference {
  session: Session;
  windows: FeeWindow[];
  /** The fees of each window, by its code. */
  fees: ReadonlyMap<string, PricedItem[]>;
  /** Today, with what the city has settled about prices. */
  day: PricingDay;
  brands: ReadonlyMap<string, Brand>;
  brandNames: ReadonlyMap<string, string>;
}

/** What a lost result means for the payment's brand; null where the brand is not known. */
export function unknownRuleOf(reference: Reference, payment: { brand: string | null }): string | null {
  return reference.brands.get(payment.brand ?? '')?.unknownRule ?? null;
}

/** Whether some of what these windows sell bears a number of its own; left out: any of them. */
export const sellsStickers = ({ fees }: Reference, windows: Iterable<string> = fees.keys()): boolean =>
  [...windows].some((window) =>
    (fees.get(window) ?? []).some(({ inputs }) => inputs.some(({ code }) => code === 'sticker')),
  );

export interface ReferenceState {
  reference: Reference | null;
  status: 'loading' | 'unreachable' | 'signed_out' | 'ready' | 'closed';
  /** Of a counter that is closed: what the service says about it. */
  closedBecause: string | null;
  /** Reads everything anew: after signing in, at midnight, when a price has changed, when the stream broke. */
  reload: () => void;
}

const RETRY_AFTER_MS = 2_000;

export function useReference(): ReferenceState {
  const [reference, setReference] = useState<Reference | null>(null);
  const [status, setStatus] = useState<ReferenceState['status']>('loading');
  const [round, setRound] = useState(0);
  const [closedBecause, setClosedBecause] = useState<string | null>(null);
  const loading = useRef(false);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wanted = true;
    loading.current = true;
    void readReference().then((result) => {
      loading.current = false;
      if (!wanted) return;
      if (typeof result === 'string') setStatus(result);
      else if ('closedBecause' in result) {
        setStatus('closed');
        setClosedBecause(result.closedBecause);
      } else {
        setReference(result);
        setStatus('ready');
      }
      if (result === 'unreachable') timer = setTimeout(() => setRound((last) => last + 1), RETRY_AFTER_MS);
    });
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [round]);

  return {
    reference,
    status,
    closedBecause,
    reload: () => {
      if (!loading.current) setRound((last) => last + 1);
    },
  };
}

type Read = Reference | 'signed_out' | 'unreachable' | { closedBecause: string };

async function readReference(): Promise<Read> {
  try {
    const answer = await readSession();
    if (!answer.ok) {
      const { code, details } = answer.refusal;
      // This tablet's pairing was ended: the page that pairs it stands at the same address.
      if (code === 'not_paired') window.location.reload();
      if (code === 'journal_unusable') return { closedBecause: String(details['reason']) };
      return code === 'not_signed_in' ? 'signed_out' : 'unreachable';
    }
    const session = answer.value;
    const [windows, brands] = await Promise.all([readWindows(), readBrands()]);
    const lists = await Promise.all(windows.map(({ code }) => readFees(code, session.today)));
    return {
      session,
      windows,
      fees: new Map(windows.map(({ code }, index) => [code, lists[index]?.items ?? []])),
      day: dayOf(session.today, lists),
      brands: new Map(brands.map((brand) => [brand.code, brand])),
      brandNames: new Map(brands.map(({ code, nameJa }) => [code, nameJa])),
    };
  } catch (error) {
    if (error instanceof Unreachable) return 'unreachable';
    throw error;
  }
}

/** Every window's list says the same; a person without a window sells nothing. */
function dayOf(on: string, [list]: readonly FeeList[]): PricingDay {
  return { on, grounds: list?.grounds ?? [], settings: list?.settings ?? DEFAULT_SETTINGS };
}
