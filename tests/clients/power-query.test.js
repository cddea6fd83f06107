// What Power BI and Excel send, in the order in which they send it, with their headers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, count, get, json, root } from './support/feed.js';

const mashup = {
  'User-Agent': 'Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)',
  'OData-MaxVersion': '4.0',
  MaxDataServiceVersion: '3.0',
  'Accept-Encoding': 'gzip, deflate',
  Accept: 'application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,'
    + 'application/xml;q=0.7,text/plain;q=0.7',
};

test('the navigator reads the service document, and then $metadata as XML', async () => {
  const response = await get('', mashup);
  assert.equal(response.headers.get('odata-version'), '4.0');
  assert.match(response.headers.get('content-type'), /^application\/json;odata\.metadata=minimal/);
  const sets = (await response.json()).value;
  assert.ok(sets.length > 100 && sets.every(set => set.kind === 'EntitySet' || set.kind === undefined));

  const metadata = await get('$metadata', mashup);
  assert.match(metadata.headers.get('content-type'), /^application\/xml/);
  const xml = await metadata.text();
  for (const set of sets)
    assert.ok(xml.includes(`<EntitySet Name="${set.name}"`), set.name);
  assert.ok(xml.includes('AsynchronousRequestsSupported" Bool="true"'), 'without it Power Query reads one page at a time');
});

test('a table is read to its end by nextLink, gzip, each row once', async () => {
  const first = await get('invoices', { ...mashup, Prefer: 'odata.maxpagesize=100' });
  assert.equal(first.headers.get('content-encoding'), 'gzip');
  const page = await first.json();
  assert.equal(page.value.length, 100);
  assert.equal(page['@odata.context'], new URL('$metadata#invoices', root).href);
  assert.ok(page['@odata.nextLink'].startsWith(root));

  const rows = [...page.value, ...await all(page['@odata.nextLink'], mashup)];
  assert.equal(new Set(rows.map(row => row.id)).size, rows.length);
  assert.equal(rows.length, await count('invoices/$count'));
});

test('steps of the query editor fold into options of the request', async () => {
  const folded = await json("invoices?$filter=status eq 'approved' and gross_total gt 100&$orderby=gross_total desc,id&$select=id,status,gross_total&$top=50", mashup);
  const own = (await all('invoices'))
    .filter(row => row.status === 'approved' && row.gross_total > 100)
    .sort((a, b) => b.gross_total - a.gross_total || a.id - b.id)
    .slice(0, 50)
    .map(row => ({ id: row.id, status: row.status, gross_total: row.gross_total }));
  assert.ok(own.length > 0);
  assert.deepEqual(folded.value.map(({ id, status, gross_total }) => ({ id, status, gross_total })), own);
  const counted = await json("invoices?$filter=status eq 'approved'&$count=true&$top=0", mashup);
  assert.equal(counted['@odata.count'], await count("invoices/$count?$filter=status%20eq%20'approved'"));
});

test('eight tables are read at once', async () => {
  const tables = ['invoices', 'invoice_lines', 'purchase_orders', 'suppliers', 'users', 'requisitions', 'accounts', 'addresses'];
  const present = (await json('')).value.map(set => set.name);
  const chosen = tables.filter(table => present.includes(table));
  assert.ok(chosen.length >= 6);
  const read = await Promise.all(chosen.map(table => all(table, { ...mashup, Prefer: 'odata.maxpagesize=250' })));
  for (const [index, table] of chosen.entries())
    assert.equal(read[index].length, await count(`${table}/$count`), table);
});

test('the ranges of an incremental refresh do not overlap and leave nothing out', async () => {
  const rows = await all('invoices?$select=id,created_at', mashup);
  const days = [...new Set(rows.map(row => row.created_at.slice(0, 7)))].sort();
  let read = 0;
  for (const month of days) {
    const [year, number] = month.split('-').map(Number);
    const end = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;

    // The offset is written as it comes: a bare plus, which is a space in a URL.
    const range = `created_at ge ${month}-01T00:00:00+00:00 and created_at lt ${end}-01T00:00:00Z`;
    read += (await all(`invoices?$filter=${range}&$select=id`, mashup)).length;
  }

  assert.equal(read, rows.length);
  const zoned = await all("invoices?$filter=created_at ge 2020-01-01T01:00:00+01:00&$select=id,created_at", mashup);
  assert.equal(zoned.length, rows.filter(row => row.created_at >= '2020-01-01T00:00:00Z').length);
});

test('nulls are left out only when the answer says so', async () => {
  const response = await get('invoices?$top=20', { ...mashup, Prefer: 'omit-values=nulls' });
  const rows = (await response.json()).value;
  if (/omit-values=nulls/.test(response.headers.get('preference-applied') ?? ''))
    assert.ok(rows.every(row => Object.values(row).every(value => value !== null)));
  else
    assert.ok(rows.every(row => Object.keys(row).length === Object.keys(rows[0]).length));
});

test('what is wrong is an OData error, not a page of HTML', async () => {
  const response = await fetch(new URL('no_such_table', root), { headers: mashup });
  assert.equal(response.status, 404);
  assert.ok((await response.json()).error.message.length > 0);
});

test('expanded columns and groups fold', async () => {
  const expanded = await json('invoices?$expand=invoice_lines($select=id,total)&$select=id&$top=20', mashup);
  assert.ok(expanded.value.every(row => Array.isArray(row.invoice_lines)));
  assert.ok(expanded.value.some(row => row.invoice_lines.length > 0));
  const grouped = await all('invoices?$apply=groupby((status),aggregate(gross_total with sum as total,$count as n))', mashup);
  const own = new Map();
  for (const row of await all('invoices?$select=status'))
    own.set(row.status, (own.get(row.status) ?? 0) + 1);
  assert.deepEqual(new Map(grouped.map(group => [group.status, group.n])), own);
});
