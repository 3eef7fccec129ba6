// What a visitor meets beside the work itself: the first visit, versions, examples, copies.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

test('a first visit is told in three sentences how the page works, once', async (t) => {
  const { at, page, put } = await open(t);
  assert.equal(await at('welcome').isVisible(), true);
  assert.equal(await at('welcome').getByRole('listitem').count(), 3);
  await at('welcome-close').click();
  assert.equal(await at('welcome').isVisible(), false);
  await page.goto(`${page.url().split('#')[0]}?again`);
  await page.waitForSelector('html[data-ready=true]');
  assert.equal(await at('welcome').isVisible(), false);
  await put(smallScenario());
});

test('who comes by a link is not told', async (t) => {
  const first = await open(t);
  await first.put(smallScenario());
  await first.page.waitForFunction(() => location.hash.length > 10);
  const { at } = await open(t, { path: await first.page.evaluate(() => location.hash) });
  assert.equal(await at('welcome').isVisible(), false);
});

test('the versions of engine and data are shown', async (t) => {
  const { at, page } = await open(t);
  assert.match(await at('engine-version').innerText(), /^Engine \d+\.\d+/);
  await page.waitForFunction(() => /\d{4}-\d{2}-\d{2}/.test(document.querySelector('[data-testid=data-date]').textContent));
});
