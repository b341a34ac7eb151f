/** The driver as data: complete, and in words that the rest of the house knows. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { drivers } from '../../../drivers/index.ts';
import type { Bench } from './bench.ts';

const BRANDS_FILE = new URL('../../../src/fees/sample/brands.csv', import.meta.url);

/** Every code of two hex digits, and some that no terminal ever sent. */
const CODES = [
  ...Array.from({ length: 256 }, (_, code) => code.toString(16).padStart(2, '0')),
  ...['', 'none', 'XYZ', '12345', '支払済'],
];

const isUnique = (values: readonly string[]): boolean => new Set(values).size === values.length;

export function testDeclaration({ subject: { driver }, brands }: Bench): void {
  describe('declares', () => {
    test('a model name that can stand before the @ of a setting, and no other driver has', () => {
      assert.match(driver.model, /^[a-z0-9]+$/);
      assert.equal(drivers.filter(({ model }) => model === driver.model).length, 1);
    });

    test('a name for the clerk', () => assert.ok(driver.nameJa.trim().length > 0));

    test('every brand once, under one method', () => {
      assert.ok(brands.length > 0);
      assert.ok(isUnique(brands.map(({ brand }) => brand)));
    });

    test('brands that the catalogue knows, under the same method', () => {
      const known = readFileSync(BRANDS_FILE, 'utf8').split('\n').slice(1);
      const rows = known.map((line) => line.split(',').slice(0, 2).join(','));
      assert.deepEqual(
        brands.filter(({ brand, method }) => !rows.includes(`${brand},${method}`)),
        [],
      );
    });

    test('buckets of its totals, each with one code and one name', () => {
      const { buckets } = driver.totals;
      assert.ok(buckets.length > 0);
      assert.ok(isUnique(buckets.map(({ code }) => code)));
      assert.ok(isUnique(buckets.map(({ nameJa }) => nameJa)));
    });

    test('a bucket for every brand, and for a payment of unknown brand', () => {
      const codes = driver.totals.buckets.map(({ code }) => code);
      const payments = [...brands, ...brands.map(({ method }) => ({ method, brand: null }))];
      assert.deepEqual(
        payments.filter((payment) => !codes.includes(driver.totals.bucketOf(payment))),
        [],
      );
    });

    test('a bucket also for a brand that it has never heard of', () => {
      const codes = driver.totals.buckets.map(({ code }) => code);
      assert.ok(codes.includes(driver.totals.bucketOf({ method: 'qr', brand: 'no_such_pay' })));
    });

    test('where its counts wrap, if they do', () => {
      const { countModulus } = driver.totals;
      assert.ok(countModulus === null || (Number.isInteger(countModulus) && countModulus > 1));
    });

    test('how far back it remembers', () => assert.ok(['last', 'each'].includes(driver.remembers)));

    test('options that may all be left out', () => {
      assert.ok(driver.options.safeParse({}).success);
    });

    test('options of which a misspelt one is a fault', () => {
      assert.ok(!driver.options.safeParse({ noSuchOption: 1 }).success);
    });

    test('a virtual terminal that is there', () => {
      assert.ok(driver.virtual !== undefined && existsSync(driver.virtual.program));
    });

    test('a sentence for every result code, known or not', () => {
      for (const code of CODES) assert.match(driver.explainResult(code), /。$/, code);
    });

    test('no success in the sentence of a code that nobody knows, and a warning not to charge again', () => {
      for (const code of ['', 'none', 'XYZ', '12345', '支払済']) {
        const sentence = driver.explainResult(code);
        assert.doesNotMatch(sentence, /済みました/, code);
        assert.match(sentence, /もう一度支払いをしないで/, code);
      }
    });
  });
}
