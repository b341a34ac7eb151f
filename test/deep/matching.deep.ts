/** What must not change a comparison's result, on books as large as four years of this city, from one more seed. */
import { testMatching } from '../reconcile/books/metamorphic.ts';

testMatching(50_000, 11);
