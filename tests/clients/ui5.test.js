// SAP UI5's OData V4 model in a browser: list bindings as tables and lists of an application have them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { all, count, root } from './support/feed.js';
import { serve } from './support/ui5.js';

let browser, site, page;
const errors = [];

before(async () => {
  site = await serve(root);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await browser.newPage();
  page.on('pageerror', error => errors.push(String(error)));
  await page.goto(site.address);
  await page.waitForFunction('window.ui5Ready === true', null, { timeout: 60_000 });
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/** What a list binding gives for rows `start` to `start + length`, and how long it believes the list to be. */
const list = options => page.evaluate(async ({ service, path, group, select, filter, sort, start, length }) => {
  const [ODataModel, Filter, Sorter] = await new Promise((resolve, reject) =>
    sap.ui.require(['sap/ui/model/odata/v4/ODataModel', 'sap/ui/model/Filter', 'sap/ui/model/Sorter'], (...modules) => resolve(modules), reject));
  const model = new ODataModel({ serviceUrl: service, synchronizationMode: 'None', operationMode: 'Server', groupId: group, autoExpandSelect: false });
  try {
    const binding = model.bindList(path, undefined, (sort ?? []).map(([name, down]) => new Sorter(name, down)), (filter ?? []).map(part => new Filter(part)),
      { $count: true, $select: select });
    const contexts = await binding.requestContexts(start ?? 0, length ?? 20);
    return { rows: contexts.map(context => context.getObject()), paths: contexts.map(context => context.getPath()), length: binding.getLength() };
  } finally {
    model.destroy();
  }
}, { service: new URL(root).pathname, ...options });

const select = 'id,status,gross_total,created_at,supplier_name';

export function listTests(group) {
  test(`${group}: a list is counted and its rows have paths with keys`, async () => {
    const { rows, paths, length } = await list({ group, path: '/invoices', select });
    assert.equal(rows.length, 20);
    assert.equal(length, await count('invoices/$count'));
    assert.deepEqual(paths, rows.map(row => `/invoices(${row.id})`));
    assert.equal(typeof rows[0].gross_total, 'string', 'the model asks for IEEE754Compatible');
  });

  test(`${group}: paging by skip and top gives each row once`, async () => {
    const ids = [];
    for (let start = 0; start < 100; start += 25)
      ids.push(...(await list({ group, path: '/invoices', select, start, length: 25, sort: [['status', true]] })).rows.map(row => row.id));
    assert.equal(new Set(ids).size, 100);
  });

  test(`${group}: filter and sorter are the service's work`, async () => {
    const { rows, length } = await list({
      group, path: '/invoices', select, sort: [['gross_total', true]],
      filter: [{ path: 'status', operator: 'EQ', value1: 'approved' }, { path: 'gross_total', operator: 'GT', value1: '100' }],
    });
    const own = (await all("invoices?$filter=status eq 'approved' and gross_total gt 100&$select=id,gross_total"));
    assert.equal(length, own.length);
    assert.ok(rows.length > 0 && rows.every(row => row.status === 'approved' && Number(row.gross_total) > 100));
    assert.ok(rows.every((row, index) => index === 0 || Number(row.gross_total) <= Number(rows[index - 1].gross_total)));
  });

  test(`${group}: a row by its key`, async () => {
    const { rows } = await list({ group, path: '/invoices', select, length: 1 });
    const name = await page.evaluate(async ({ service, group, key }) => {
      const ODataModel = sap.ui.require('sap/ui/model/odata/v4/ODataModel');
      const model = new ODataModel({ serviceUrl: service, synchronizationMode: 'None', operationMode: 'Server', groupId: group });
      const value = await model.bindContext(`/invoices(${key})`).requestObject('supplier_name');
      model.destroy();
      return value;
    }, { service: new URL(root).pathname, group, key: rows[0].id });
    assert.equal(name, rows[0].supplier_name);
  });
}

listTests('$direct');

test('the page had no errors', () => assert.deepEqual(errors, []));
