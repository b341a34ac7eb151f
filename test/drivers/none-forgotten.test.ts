/** The runner runs drivers side by side, so each has its contract in a file of its own: none may be without one. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { drivers } from '../../drivers/index.ts';
import type { Subject } from './contract.ts';

const contractOf = (model: string): string =>
  readFileSync(new URL(`./${model}/contract.test.ts`, import.meta.url), 'utf8');

/** Another text than the others' could leave something out. */
const CONTRACT = contractOf('zvt');

test('what stands in for the contract is the contract, for every subject', () => {
  assert.match(CONTRACT, /^for \(const subject of subjects\) testDriverContract\(subject\);$/m);
});

test('every folder with a driver is in the index', () => {
  const folders = readdirSync(new URL('../../drivers/', import.meta.url), { withFileTypes: true });
  const models = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  assert.deepEqual(drivers.map(({ model }) => model).sort(), models.sort());
});

for (const driver of drivers) {
  test(`${driver.model} is held to the contract, with a far end of its own`, async () => {
    assert.equal(contractOf(driver.model), CONTRACT);
    const { subjects } = (await import(`./${driver.model}/subject.ts`)) as { subjects: readonly Subject[] };
    assert.ok(subjects.length > 0);
    for (const subject of subjects) assert.equal(subject.driver, driver);
  });
}
