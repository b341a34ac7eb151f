/** A child's day at the daycare window. */
import type { Stay } from '../../src/daycare/daycare.ts';

export function stayOf(change: Partial<Stay> = {}): Stay {
  return {
    id: '11111111-1111-4111-8111-111111111111',
    label: '7',
    listedOn: '2026-11-26',
    caredOn: '2026-11-26',
    class: 'under_3',
    care: 'NUR-IT1',
    meals: [],
    arrivedAt: '08:30',
    plannedAt: null,
    pickedUpAt: null,
    saleId: null,
    ...change,
  };
}
