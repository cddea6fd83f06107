// Libraries for scripts, as their own guides use them.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { count, json, root } from './support/feed.js';

const require = createRequire(import.meta.url);
const { o } = require('o.js');
const { OData } = require('@odata/client');
const buildQuery = require('odata-query').default ?? require('odata-query');

test('o.js reads a collection with options, an entity, and a count', async () => {
  const rows = await o(root).get('invoices').query({ $filter: 'gross_total gt 100', $top: 5, $orderby: 'id desc', $select: 'id,gross_total' });
  assert.equal(rows.length, 5);
  assert.ok(rows.every((row, index) => row.gross_total > 100 && (index === 0 || row.id < rows[index - 1].id)));
  const one = await o(root).get(`invoices(${rows[0].id})`).query();
  assert.equal(one.gross_total, rows[0].gross_total);
});

test('@odata/client reads a collection with options, an entity, and a count', async () => {
  const client = OData.New4({ serviceEndpoint: root, commonHeaders: {} });
  const invoices = client.getEntitySet('invoices');
  const rows = await invoices.query(OData.newOptions().top(5).orderby('id', 'desc').select(['id', 'gross_total']));
  assert.equal(rows.length, 5);
  assert.equal((await invoices.retrieve(rows[0].id)).id, rows[0].id);
  assert.equal(await invoices.count(OData.newFilter().property('id').gt(0)), await count('invoices/$count'));
  const found = await invoices.find({ id: rows[1].id });
  assert.deepEqual(found.map(row => row.id), [rows[1].id]);
});

test('queries built by odata-query are understood', async () => {
  const query = buildQuery({
    filter: { and: [{ gross_total: { gt: 100 } }, { or: [{ status: 'approved' }, { status: { in: ['draft', 'new'] } }] }, { created_at: { ge: new Date('2000-01-01T00:00:00Z') } }] },
    select: ['id', 'status', 'gross_total'],
    orderBy: ['gross_total desc'],
    top: 20,
    count: true,
  });
  const page = await json(`invoices${query}`);
  assert.ok(page['@odata.count'] > 0);
  assert.ok(page.value.every(row => row.gross_total > 100 && ['approved', 'draft', 'new'].includes(row.status)));
});
