// Every faulty example of docs/diagnostics, put on the page: the finding is there with its code and its place, its mend
// is one click away, and nothing breaks by it. All of them in one visit, as the page redraws itself for each.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

const folder = new URL('../../docs/diagnostics/', import.meta.url);
const account = '111122223333';
/** What a resource-based policy is attached to, where an example says so. */
const TARGETS = {
  bucket: { kind: 'resource', request: {} },
  key: { kind: 'resource', request: { action: 'kms:Decrypt', resource: `arn:aws:kms:us-east-1:${account}:key/k` } },
  trust: { kind: 'resource', request: { action: 'sts:AssumeRole', resource: `arn:aws:iam::${account}:role/R` } },
  resource: { kind: 'resource', request: { action: 'sqs:SendMessage', resource: `arn:aws:sqs:us-east-1:${account}:jobs` } },
};

async function examples() {
  const found = [];
  for (const name of (await readdir(folder)).sort()) {
    const text = await readFile(new URL(name, folder), 'utf8');
    const code = name.replace(/\.md$/, '');
    for (const [, kind, document] of text.matchAll(/<!-- bad kind=(\w+) -->\n```json\n([^]*?)\n```\n/g)) {
      if (kind === 'scenario') {
        found.push({ code, scenario: JSON.parse(document) });
        continue;
      }
      const { kind: attached, request } = TARGETS[kind] ?? { kind, request: {} };
      const scenario = smallScenario({ policies: [{ kind: attached, name: 'Example', document }] });
      Object.assign(scenario.request, request);
      found.push({ code, scenario });
    }
  }
  return found;
}

/** Runs in the page: what went wrong with which example, and how many were mended. */
async function walk(list) {
  const { iamPlayground } = window;
  const item = (code) => document.querySelector(`[data-testid=diagnostics] [data-code=${code}]`);
  const fixes = (code) => item(code)?.querySelectorAll('[data-testid=fix]') ?? [];
  async function until(what) {
    for (const start = performance.now(); performance.now() - start < 2000; ) {
      const value = what();
      if (value) return value;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return undefined;
  }
  const wrong = [];
  const refused = [];
  let mended = 0;
  for (const { code, scenario } of list) {
    try {
      iamPlayground.setScenario(scenario);
    } catch (error) {
      refused.push(code);
      continue;
    }
    // The page shows an answer before it hands it over.
    await iamPlayground.getReport();
    if (!(await until(() => item(code)))) {
      const there = [...document.querySelectorAll('[data-testid=diagnostics] [data-code]')].map((one) => one.dataset.code);
      wrong.push(`${code}: the page shows ${there.join() || 'nothing'}`);
      continue;
    }
    const where = item(code).querySelector('.diagnostic-where')?.textContent ?? '';
    if (!where) wrong.push(`${code}: it has no place`);
    if (!item(code).querySelector(`a[href$="/docs/diagnostics/${code}.md"]`)) wrong.push(`${code}: no way to its page`);
    const line = /line (\d+), column/.exec(where)?.[1];
    const marked = () => [...document.querySelectorAll('.cm-gutter-lint .cm-gutterElement')].some((one) => one.querySelector('.cm-lint-marker'));
    if (line && !(await until(marked))) wrong.push(`${code}: the editor does not mark it`);
    const before = fixes(code).length;
    const index = iamPlayground.getScenario().policies.findIndex((policy) => typeof policy.document === 'string');
    if (before === 0 || index < 0) continue;
    const texts = () => iamPlayground.getScenario().policies.map((policy) => policy.document);
    const old = JSON.stringify(texts());
    fixes(code)[0].click();
    if (!(await until(() => JSON.stringify(texts()) !== old))) {
      wrong.push(`${code}: its button changes nothing`);
    } else if (!(await until(() => fixes(code).length < before))) {
      wrong.push(`${code}: it is there as before`);
    } else if (item('invalid-json')) {
      wrong.push(`${code}: mending it breaks the text`);
    }
    mended += 1;
  }
  return { wrong, refused, mended };
}

test('each finding of the documentation is shown at its place, and mended with one click', async (t) => {
  const { page, put } = await open(t);
  const list = (await examples()).filter(({ code }) => code !== 'managed-policy-not-loaded');
  assert.ok(list.length > 170, `${list.length} examples`);
  // From here on AWS's data is there.
  const misspelt = smallScenario();
  misspelt.policies[0].document.Statement[0].Action = 's3:GetObjct';
  await put(misspelt);
  await page.waitForSelector('[data-testid=diagnostics] [data-code=unknown-action]');
  page.setDefaultTimeout(60_000);
  const { wrong, refused, mended } = await page.evaluate(walk, list);
  assert.deepEqual(wrong, []);
  // What has no list of policies is not taken in the first place.
  assert.deepEqual(refused, ['invalid-scenario']);
  assert.ok(mended > 50, `${mended} were mended`);
});
