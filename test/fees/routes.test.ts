import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import express, { type Express } from 'express';
import request from 'supertest';
import { readCatalogue } from '../../src/fees/fees.ts';
import type { Catalogue } from '../../src/fees/catalogue.ts';
import { createFeeRoutes } from '../../src/fees/routes.ts';
import { createApp } from '../../src/http/app.ts';
import { API } from '../../src/staff/staff.ts';
import { silentLog } from '../support/log.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

async function openFees(t: TestContext): Promise<{ app: Express; catalogue: Catalogue }> {
  const { db } = await openTestDatabase(t);
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  const app = createApp({
    log: silentLog(),
    hosts: () => [],
    frameSources: [],
    readiness: () => ({ ready: true }),
    routes: (each) =>
      each.use(
        '/api',
        (_request, response, next) => {
          response.locals.person = API;
          next();
        },
        createFeeRoutes(
          () => catalogue,
          () => new Date('2025-03-31T15:00:00Z'),
        ),
      ),
  });
  return { app: express().use(app), catalogue };
}

test('a window’s fees are those of the day asked for, or of today in Tokyo', async (t) => {
  const { app, catalogue } = await openFees(t);
  const get = async (query: string): Promise<{ on: string; price: number; version: string }> => {
    const { body } = (await request(app).get(`/api/fees?${query}`).expect(200)) as {
      body: { on: string; version: string; items: { code: string; priceYen: number }[] };
    };
    const item = body.items.find(({ code }) => code === 'CIT-JUM');
    assert.ok(item !== undefined);
    return { on: body.on, price: item.priceYen, version: body.version };
  };
  const { version } = catalogue;
  assert.deepEqual(await get('window=resident&on=2025-03-31'), { on: '2025-03-31', price: 300, version });
  assert.deepEqual(await get('window=resident'), { on: '2025-04-01', price: 400, version });
});

test('windows and brands are the snapshot’s', async (t) => {
  const { app, catalogue } = await openFees(t);
  assert.deepEqual((await request(app).get('/api/windows').expect(200)).body, catalogue.windows);
  assert.deepEqual((await request(app).get('/api/brands').expect(200)).body, catalogue.brands);
});

for (const query of [
  '',
  'window=',
  'window=resident&on=2025-02-30',
  'window=resident&on=tomorrow',
  'window=a&window=b',
]) {
  test(`a question that can't be read is refused: "${query}"`, async (t) => {
    const { app } = await openFees(t);
    const { body } = (await request(app).get(`/api/fees?${query}`).expect(400)) as {
      body: { error: { code: string } };
    };
    assert.equal(body.error.code, 'bad_request');
  });
}

test('a window that does not exist is not found', async (t) => {
  const { app } = await openFees(t);
  await request(app).get('/api/fees?window=passport&on=2026-11-24').expect(404);
});
