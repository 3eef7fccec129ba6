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

test('every concept that a scenario can show has an example, and the gallery finds it in plain words', async (t) => {
  const { at, page } = await open(t);
  await at('gallery-open').click();
  const cards = at('gallery-cards').locator('[data-example]');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=gallery-cards] [data-example]').length > 30);
  const all = await cards.count();
  await at('gallery').getByText('By what they teach').click();
  const concepts = await at('gallery')
    .locator('[data-concept]')
    .evaluateAll((buttons) => buttons.map((button) => [button.dataset.concept, button.innerText.trim()]));
  assert.deepEqual(concepts.map(([code]) => code), Array.from({ length: 31 }, (_, index) => `C${index + 1}`));
  for (const [code, label] of concepts) {
    await at('gallery-search').fill(label);
    assert.ok((await cards.count()) > 0, `${code} ${label}`);
  }
  await at('gallery-search').fill('');
  assert.equal(await cards.count(), all);
});

test('the gallery is searched by words and by concept, and a card opens its example', async (t) => {
  const { at, page, scenario } = await open(t);
  await page.locator('body').press('e');
  const cards = at('gallery-cards').locator('[data-example]');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=gallery-cards] [data-example]').length > 30);
  assert.equal(await at('gallery-search').evaluate((field) => field === document.activeElement), true);
  await page.keyboard.type('external id');
  assert.ok((await cards.count()) < 5);
  await page.keyboard.type(' nowhere');
  assert.equal(await cards.count(), 0);
  await at('gallery').getByRole('button', { name: 'Show all' }).click();
  await at('gallery').getByText('By what they teach').click();
  await at('gallery').locator('[data-concept=C19]').click();
  const found = await cards.count();
  assert.ok(found >= 2 && found < 8, String(found));
  assert.equal(await at('gallery').locator('[data-concept=C19]').getAttribute('aria-pressed'), 'true');
  const title = await cards.first().locator('strong').innerText();
  await cards.first().getByRole('button').click();
  assert.equal(await at('gallery').isVisible(), false);
  assert.equal((await scenario()).title, title);
  assert.notEqual(await at('example-picker').inputValue(), '');
});
