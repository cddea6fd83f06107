// How Celonis' Extractor Builder asks: one $filter of dates, lists and long chains, nextLink paging, a changed-at column for deltas.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, count, json } from './support/feed.js';

const ids = rows => rows.map(row => row.id).sort((a, b) => a - b);

test('a delta by the changed-at column', async () => {
  const rows = await all('invoices?$select=id,_changed_at');
  const instants = [...new Set(rows.map(row => row._changed_at))].sort();
  const since = instants[Math.floor(instants.length / 2)];
  assert.deepEqual(
    ids(await all(`invoices?$filter=_changed_at ge ${since}&$select=id,_changed_at`)),
    ids(rows.filter(row => row._changed_at >= since)));
  assert.equal((await json('invoices?$filter=_changed_at ge 2999-01-01T00:00:00Z')).value.length, 0);
});

test('creation and change dates together', async () => {
  const filter = 'created_at ge 2000-01-01T00:00:00Z and created_at lt 2100-01-01T00:00:00Z and (updated_at gt 2000-01-01T00:00:00.000Z or updated_at eq null)';
  assert.equal((await all(`invoices?$filter=${filter}&$select=id`)).length, await count('invoices/$count'));
});

test('in with many values, and the same as a chain of or', async () => {
  const wanted = ids(await all('invoices?$select=id')).filter((_, index) => index % 3 === 0).slice(0, 300);
  assert.ok(wanted.length > 100);
  assert.deepEqual(ids(await all(`invoices?$filter=id in (${wanted.join(',')})&$select=id`)), wanted);
  assert.deepEqual(ids(await all(`invoices?$filter=${wanted.map(id => `id eq ${id}`).join(' or ')}&$select=id`)), wanted);
  const states = [...new Set((await all('invoices?$select=status')).map(row => row.status))].filter(Boolean);
  assert.equal(
    await count(`invoices/$count?$filter=status in (${states.map(state => `'${state}'`).join(',')})`),
    await count('invoices/$count?$filter=status ne null'));
});
