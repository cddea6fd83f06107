// Tools that read $metadata: the converters of the OASIS members, and OASIS' own JSON schema where OASIS_DATA names its folder.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { get, json } from './support/feed.js';

const require = createRequire(import.meta.url);
const { xml2json } = require('odata-csdl');
const { csdl2openapi } = require('odata-openapi');

const read = async () => xml2json(await (await get('$metadata')).text(), { lineNumbers: false });
const schemaOf = csdl => Object.entries(csdl).find(([name, value]) => !name.startsWith('$') && Object.values(value).some(member => member?.$Kind === 'EntityContainer'))[1];

test('odata-csdl turns the XML into CSDL JSON with every entity set', async () => {
  const messages = [];
  const csdl = xml2json(await (await get('$metadata')).text(), { messages });
  assert.deepEqual(messages, []);
  const sets = (await json('')).value.map(set => set.name);
  const container = Object.values(schemaOf(csdl)).find(member => member?.$Kind === 'EntityContainer');
  assert.deepEqual(Object.keys(container).filter(name => !/^[$@]/.test(name)).sort(), sets.sort());
});

test('the JSON that the feed gives itself says the same as odata-csdl makes of its XML', async () => {
  const own = schemaOf(await json('$metadata', { Accept: 'application/json' }));
  const converted = schemaOf(await read());
  const types = schema => Object.fromEntries(Object.entries(schema).filter(([, member]) => member?.$Kind === 'EntityType').map(([name, type]) => [
    name, Object.fromEntries(Object.entries(type).filter(([property]) => !/^[$@]/.test(property)).map(([property, value]) => [property, value.$Type ?? 'Edm.String'])),
  ]));
  assert.deepEqual(types(own), types(converted));
});

test('odata-openapi makes a document of it with a path for each entity set', async () => {
  const document = csdl2openapi(await read(), { scheme: 'http', host: 'localhost', basePath: '/odata/demo' });
  assert.match(document.openapi, /^3\./);
  for (const set of (await json('')).value)
    assert.ok(document.paths[`/${set.name}`], set.name);
});

// As the test command says: OASIS' files are read from where they are, and are no part of the repository.
if (process.env.OASIS_DATA) {
  test('the JSON is valid by csdl.schema.json', async () => {
    const { default: Ajv } = await import('ajv/dist/2019.js');
    const schema = JSON.parse(await readFile(path.join(process.env.OASIS_DATA, 'csdl.schema.json'), 'utf8'));
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile({ ...schema, $schema: 'https://json-schema.org/draft/2019-09/schema' });
    assert.ok(validate(await json('$metadata', { Accept: 'application/json' })), JSON.stringify(validate.errors?.slice(0, 5)));
  });
}
