import assert from 'node:assert/strict';

/** Address of the feed under test, with a slash at its end. */
export const root = process.env.FEED;
assert.ok(root, 'FEED names the feed to test; run.js sets it.');

/** A response that has to be a success. */
export async function get(path, headers = {}) {
  const response = await fetch(new URL(path, root), { headers });
  if (!response.ok)
    assert.fail(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

export const json = async (path, headers) => (await get(path, headers)).json();

/** All rows of a query, page after page. */
export async function all(path, headers) {
  const rows = [];
  for (let next = path; next;) {
    const page = await json(next, headers);
    rows.push(...page.value);
    next = page['@odata.nextLink'];
  }

  return rows;
}

export const count = async path => Number(await (await get(path)).text());
