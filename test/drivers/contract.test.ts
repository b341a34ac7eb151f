/** The contract, for every driver and every line that its virtual terminal can have on this machine. */
import { drivers } from '../../drivers/index.ts';
import { testDriverContract, type Subject } from './contract.ts';

for (const driver of drivers) {
  const { subjects } = (await import(`./${driver.model}/subject.ts`)) as { subjects: readonly Subject[] };
  if (subjects.length === 0) throw new Error(`${driver.model} has no subject for its contract`);
  for (const subject of subjects) testDriverContract(subject);
}
