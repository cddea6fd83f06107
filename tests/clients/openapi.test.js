// The documents in openapi/, which OpenApiTests keeps equal to what the gateway serves, under the strict rules of an OpenAPI linter.
import { createConfig, lint } from '@redocly/openapi-core';
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../openapi');
const config = await createConfig({ extends: ['recommended-strict'] });

for (const name of ['gateway', 'demo-feed']) {
  test(`openapi/${name}.json passes the linter`, async () => {
    const problems = await lint({ ref: path.join(folder, `${name}.json`), config });
    assert.deepEqual(problems.map(problem => `${problem.location[0].pointer}: ${problem.message} (${problem.ruleId})`), []);
  });
}
