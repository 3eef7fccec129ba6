// The link is the document: it restores everything, and one that cannot be read loses nothing.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { open, pageAddress, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

const linkTo = (value, version = 1) => `#${version}.${deflateRawSync(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')}`;
const broken = '{ "Version": "2012-10-17", "é😀": ';

test('reloading from the link restores all, broken text included', async (t) => {
  const { at, context, page, put, scenario } = await open(t);
  await put(
    smallScenario({
      description: 'With *words*.',
      organization: { managementAccount: '999900001111' },
      tests: [{ name: 'one', request: { action: 's3:PutObject' }, expect: 'implicitDeny' }],
      somethingNewer: [1, 2],
    }),
  );
  await at('resource').fill('arn:aws:s3:::photos/ünï.jpg');
  await page.waitForFunction(() => location.hash.startsWith('#1.'));
  await page.waitForTimeout(500);
  const kept = await scenario();
  const link = page.url();

  await page.reload();
  await page.waitForSelector('html[data-ready=true]');
  assert.deepEqual(await scenario(), kept);

  // In a browser that has never been here.
  await page.evaluate(() => localStorage.clear());
  const other = await context.newPage();
  await other.addInitScript(() => localStorage.clear());
  await other.goto(link);
  await other.waitForSelector('html[data-ready=true]');
  assert.deepEqual(await other.evaluate(() => window.iamPlayground.getScenario()), kept);
});

test('the link has the format that other tools read and write', async (t) => {
  const scenario = smallScenario({ policies: [{ kind: 'identity', name: 'Broken', document: broken }] });
  const { page, scenario: current } = await open(t, { path: linkTo(scenario) });
  assert.equal((await current()).policies[0].document, broken);
  assert.equal(await page.getByTestId('policy').count(), 1);
});

test('the share button copies the link', async (t) => {
  const { at, page, put } = await open(t, { context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  await put(smallScenario());
  await at('share').click();
  await at('toast').getByText('Copied the link').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, page.url());
  assert.match(copied, /#1\.[A-Za-z0-9_-]+$/);
});

const whole = linkTo(smallScenario());
const damaged = [
  ['a truncated link', whole.slice(0, -20), /cut off or damaged/],
  ['a link with nothing in it', '#1.', /cut off/],
  ['a damaged link', `${whole.slice(0, 30)}AAAA${whole.slice(34)}`, /damaged/],
  ['a link with foreign characters', `${whole}%20!`, /characters that do not belong/],
  ['a newer link', whole.replace('#1.', '#2.'), /newer version/],
  ['a link to no JSON', linkTo('no JSON'), /not JSON/],
  ['a link to no scenario', linkTo([1, 2]), /no scenario/],
  ['a link that unpacks to too much', linkTo(`"${' '.repeat(3_000_000)}"`), /more than 2 MB/],
  ['a link to bytes that are no text', `#1.${deflateRawSync(Buffer.from([0xff, 0xfe, 0x80])).toString('base64url')}`, /not text/],
];

for (const [what, fragment, words] of damaged) {
  test(`${what} says so, and the last work stays`, async (t) => {
    const mine = smallScenario({ title: 'my own work' });
    const { at, page, put, scenario } = await open(t);
    await put(mine);
    await page.waitForTimeout(500);
    const before = await scenario();
    await page.goto('about:blank');
    await page.goto(pageAddress() + fragment);
    await page.waitForSelector('html[data-ready=true]');
    assert.match(await at('notice').innerText(), words);
    assert.deepEqual(await scenario(), before);
    assert.equal(new URL(page.url()).hash, new URL(fragment, 'http://x').hash, 'the link stays until something changes');
  });
}

test('another link in the same tab is opened, with Undo', async (t) => {
  const { at, page, put, scenario } = await open(t);
  await put(smallScenario({ title: 'mine' }));
  await page.waitForTimeout(500);
  await page.evaluate((fragment) => {
    location.hash = fragment;
  }, linkTo(smallScenario({ title: 'theirs' })));
  await page.waitForFunction(() => window.iamPlayground.getScenario().title === 'theirs');
  await at('toast').getByText('Undo').click();
  assert.equal((await scenario()).title, 'mine');
});

test('without a link the last work comes back; a link leaves it within reach', async (t) => {
  const { at, page, put, scenario } = await open(t);
  await put(smallScenario({ title: 'mine' }));
  await page.waitForTimeout(500);
  await page.goto('about:blank');
  await page.goto(pageAddress());
  await page.waitForSelector('html[data-ready=true]');
  assert.equal((await scenario()).title, 'mine');
  await page.goto('about:blank');
  await page.goto(pageAddress() + linkTo(smallScenario({ title: 'theirs' })));
  await page.waitForSelector('html[data-ready=true]');
  assert.equal((await scenario()).title, 'theirs');
  await at('notice').getByRole('button', { name: 'Open it instead' }).click();
  assert.equal((await scenario()).title, 'mine');
});

test('with storage blocked the page works all the same', async (t) => {
  const { decides, page, put } = await open(t, {
    script: () => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('blocked', 'SecurityError');
        },
      });
    },
  });
  await put(smallScenario());
  await decides('allowed');
  await page.waitForFunction(() => location.hash.startsWith('#1.'));
  await page.getByTestId('theme').click();
});

test('a scenario goes out as a file and comes back in', async (t) => {
  const { at, page, put, scenario } = await open(t);
  const mine = smallScenario({ title: 'To & fro' });
  mine.policies.push({ kind: 'resource', name: 'Broken', document: broken });
  await put(mine);
  const before = await scenario();
  const [download] = await Promise.all([page.waitForEvent('download'), at('export').click()]);
  assert.equal(download.suggestedFilename(), 'to-fro.json');
  const text = await readFile(await download.path(), 'utf8');
  assert.deepEqual(JSON.parse(text).policies[0].document, mine.policies[0].document, 'a sound document is an object');
  assert.equal(JSON.parse(text).policies[1].document, broken);
  await at('new').click();
  assert.deepEqual((await scenario()).policies, []);
  await page.locator('#import-file').setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await at('toast').getByText('Opened a.json').waitFor();
  assert.deepEqual(await scenario(), before);
});

test('a bare policy document can be opened; a file that is no JSON says why', async (t) => {
  const { at, page, scenario } = await open(t);
  const text = '{ "Version": "2012-10-17", "Statement": [] }';
  await page.locator('#import-file').setInputFiles({ name: 'p.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await at('toast').getByText('Opened p.json').waitFor();
  assert.deepEqual((await scenario()).policies, [{ kind: 'identity', name: 'Imported', document: text }]);
  await page.locator('#import-file').setInputFiles({ name: 'q.json', mimeType: 'application/json', buffer: Buffer.from('nope') });
  assert.match(await at('notice').innerText(), /q\.json could not be opened/);
});
