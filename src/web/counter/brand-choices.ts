/** Which brands are offered for a method. Pure. */
import { isOffered, type Brand } from '../../fees/catalogue.ts';
import { brandsOf, type Offer } from '../../terminal/offer.ts';
import type { Method } from '../../terminal/terminal.ts';
import { formatYen } from '../shared/format.ts';

/** A brand that can be touched; `null`: the terminal finds out. */
export interface BrandChoice {
  code: string | null;
  nameJa: string;
  /** Why it can't be chosen for this total. */
  closed: string | null;
}

/** What is offered for a method; none for cards, which the terminal tells apart by itself. */
export function brandChoices(
  method: Method | null,
  offers: readonly Offer[],
  brands: ReadonlyMap<string, Brand>,
  { window, on, totalYen }: { window: string; on: string; totalYen: number },
): BrandChoice[] {
  if (method !== 'emoney' && method !== 'qr') return [];
  const named = brandsOf(offers, method).flatMap((code): BrandChoice[] => {
    const brand = brands.get(code);
    // Where the city's table and the terminal call it two different methods, the service would refuse it.
    if (brand?.method !== method || !isOffered(brand, window, on)) return [];
    const { nameJa, ceilingYen } = brand;
    const over = ceilingYen !== null && totalYen > ceilingYen;
    return [{ code, nameJa, closed: over ? `${formatYen(ceilingYen)}まで` : null }];
  });
  return method === 'qr' ? [{ code: null, nameJa: '端末で読み取り', closed: null }, ...named] : named;
}
