/** The engine on small books; on large ones: test/deep/matching.deep.ts. */
import { testMatching } from './metamorphic.ts';

testMatching(900, 1);
