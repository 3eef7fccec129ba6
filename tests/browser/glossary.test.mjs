// The glossary: a page without scripts, to read, to link into and to print.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { open, start, stop } from './harness.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');

before(start);
after(stop);

const STAGES = ['explicitDeny', 'rcp', 'scp', 'vpcEndpoint', 'resource', 'identity', 'permissionsBoundary', 'session'];

test('every stage of a report has its place, and a term is shown where a link points', async (t) => {
  const { page } = await open(t, { path: 'glossary.html#stage-permissionsBoundary' });
  const terms = await page.evaluate(
    (ids) => ids.map((id) => document.getElementById(`stage-${id}`)?.closest('section')?.querySelector('h2')?.textContent ?? null),
    STAGES,
  );
  assert.deepEqual(terms, [
    'Explicit deny',
    'Resource control policy',
    'Service control policy',
    'VPC endpoint policy',
    'Resource-based policy',
    'Identity-based policy',
    'Permissions boundary',
    'Session policy',
  ]);
  await page.locator('#permissions-boundary h2').waitFor({ state: 'visible' });
  assert.ok(await page.evaluate(() => document.documentElement.scrollTop > 0), 'the page stands at the term');
  const dead = await page.evaluate(() =>
    [...document.querySelectorAll('a[href^="#"]')].filter((link) => !document.getElementById(link.hash.slice(1))).map((link) => link.hash),
  );
  assert.deepEqual(dead, []);
  const lessons = await page.locator('section a[href^="./#lesson="]').count();
  assert.ok(lessons > 50, `${lessons} links to lessons`);
  assert.equal(await page.locator('section:not(:has(a[href^="./#lesson="]))').count(), 0, 'every term has a lesson');
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing in ${colorScheme}, and a narrow screen needs no scrolling sideways`, async (t) => {
    const { page } = await open(t, { path: 'glossary.html', context: { colorScheme, viewport: { width: 320, height: 640 }, bypassCSP: true } });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`)), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  });
}

test('on paper there are the terms, and no links to press', async (t) => {
  const { page } = await open(t, { path: 'glossary.html' });
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.terms').isVisible(), false);
  assert.equal(await page.getByRole('link', { name: 'Back to the playground' }).isVisible(), false);
  assert.equal(await page.locator('#wildcard h2').isVisible(), true);
});
