import { testNights } from './nights.ts';

testNights(4, 109);
