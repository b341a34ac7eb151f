/** The contract, over every line that this driver's virtual terminal can have on this machine. */
import { testDriverContract } from '../contract.ts';
import { subjects } from './subject.ts';

for (const subject of subjects) testDriverContract(subject);
