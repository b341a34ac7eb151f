/** What must not change a comparison's result, on books as large as four years of this city, from one more seed. */
import { testMatching } from '../reconcile/books/metamorphic.ts';
import { testNights } from '../reconcile/books/nights.ts';

testMatching(50_000, 11);
for (let first = 1001; first <= 1100; first += 20) testNights(20, first);
