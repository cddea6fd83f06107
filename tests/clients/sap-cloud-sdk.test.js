// A typed client that SAP's generator makes of $metadata, transpiled and used.
import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { count, get, root } from './support/feed.js';

const require = createRequire(import.meta.url);
const { generate } = require('@sap-cloud-sdk/generator');
const { desc } = require('@sap-cloud-sdk/odata-v4');

// Below node_modules, so that what is generated finds the SDK.
const work = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules', '.generated');
const destination = { url: root.replace(/\/$/, '') };
let service;

before(async () => {
  await rm(work, { recursive: true, force: true });
  await mkdir(path.join(work, 'in'), { recursive: true });
  await writeFile(path.join(work, 'in', 'gateway.edmx'), await (await get('$metadata')).text());

  // The declarations of the SDK's own packages do not all fit together when its versions differ: only what was generated is checked.
  const options = { module: 'commonjs', target: 'es2021', lib: ['esnext'], declaration: true, moduleResolution: 'node', esModuleInterop: true, skipLibCheck: true, strict: true };
  await writeFile(path.join(work, 'package.json'), '{ "type": "commonjs" }');
  await writeFile(path.join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
  await generate({ input: path.join(work, 'in'), outputDir: path.join(work, 'out'), overwrite: true, clearOutputDir: true, skipValidation: true, transpile: true, packageJson: false, tsconfig: path.join(work, 'tsconfig.json') });
  const [name] = await readdir(path.join(work, 'out'));
  const generated = require(path.join(work, 'out', name));
  service = generated[name]();
});

after(() => rm(work, { recursive: true, force: true }));

const request = builder => builder.execute(destination);

test('the client has an interface for every entity set', async () => {
  const sets = (await (await get('')).json()).value;
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(service)).filter(name => name.endsWith('Api') && name !== 'initApi');
  assert.equal(names.length, sets.length);
});

test('rows are read with filter, order and selection, and have their types', async () => {
  const { invoicesApi } = service;
  const fields = invoicesApi.schema;
  const rows = await request(
    invoicesApi.requestBuilder().getAll().filter(fields.GROSS_TOTAL.greaterThan(100)).orderBy(desc(fields.ID)).select(fields.ID, fields.GROSS_TOTAL, fields.CREATED_AT).top(5));
  assert.equal(rows.length, 5);
  assert.ok(rows.every((row, index) => row.grossTotal.isGreaterThan(100) && (index === 0 || row.id.isLessThan(rows[index - 1].id))), 'numbers are exact');
  assert.ok(rows[0].createdAt.isValid(), 'instants are moments');
});

test('an entity is read by its key, and rows are counted', async () => {
  const { invoicesApi } = service;
  const [first] = await request(invoicesApi.requestBuilder().getAll().top(1));
  const same = await request(invoicesApi.requestBuilder().getByKey(first.id));
  assert.ok(same.id.isEqualTo(first.id));
  assert.equal(Number(await request(invoicesApi.requestBuilder().getAll().count())), await count('invoices/$count'));
});
