// After the first visit the page works without a network; a new version takes its place; an embed leaves nothing behind.

import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { profile, start, stop } from './harness.mjs';
import { REQUEST, asScript, hostPage, scenario, site } from './hosts.mjs';

const dist = fileURLToPath(new URL('../../web/dist/', import.meta.url));

before(start);
after(stop);

/** Visits the page below `/play/` of a site of its own, and waits until it is kept. */
async function visited(t, { folder = dist, path = '' } = {}) {
  const server = await site({ folder });
  t.after(server.close);
  const context = await profile(t);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`${server.address}play/${path}`);
  await page.waitForSelector('html[data-ready=true]');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return { server, context, page };
}

const decides = (page, decision) => page.waitForSelector(`[data-testid=decision][data-decision=${decision}][data-stale=false]`);

test('offline after the first visit: the page, both engines, the gallery and what was typed', async (t) => {
  const { server, context, page } = await visited(t);
  await page.getByTestId('action').fill('s3:PutObject');
  await decides(page, 'implicitDeny');
  const link = await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return location.href;
  });
  // The network is gone, and so is the server.
  await context.setOffline(true);
  server.close();
  await page.reload();
  await page.waitForSelector('html[data-ready=true]');
  await decides(page, 'implicitDeny');
  assert.equal(await page.getByTestId('action').inputValue(), 's3:PutObject');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=example-picker] option').length > 12);
  // The whole engine: its warnings are there.
  await page.evaluate((value) => window.iamPlayground.setScenario(value), scenario({ request: { ...REQUEST, action: 's3:Getobjct' } }));
  await page.evaluate(() => window.iamPlayground.getReport());
  // A link opened in a new tab, and the address with `index.html` and a query.
  const second = await context.newPage();
  await second.goto(link);
  await decides(second, 'implicitDeny');
  await second.goto(`${server.address}play/index.html?x=1`);
  await second.waitForSelector('html[data-ready=true]');
});

test('AWS’s data is not fetched in advance, and is kept once it was used', async (t) => {
  const { server, context, page } = await visited(t);
  const kept = () => page.evaluate(async () => {
    const all = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
    return all.flat();
  });
  const before = await kept();
  assert.ok(before.some((url) => /iam_playground_bg-.*\.wasm$/.test(url)), 'the whole engine is kept');
  assert.ok(before.every((url) => url.startsWith(`${server.address}play/`)));
  const data = (await readFile(join(dist, 'service-worker.js'), 'utf8')).match(/[\w-]+\.txt/g);
  assert.equal(data, null, 'the list names no data');
  const address = await page.evaluate(async () => {
    const worker = [...performance.getEntriesByType('resource')].map(({ name }) => name).find((name) => /worker-/.test(name));
    return worker;
  });
  assert.ok(address);
  const { readdir } = await import('node:fs/promises');
  const file = (await readdir(join(dist, 'assets'))).find((name) => /^services-.*\.txt$/.test(name));
  const length = await page.evaluate((name) => fetch(`assets/${name}`).then((response) => response.text()).then((text) => text.length), file);
  assert.ok(length > 100_000);
  await page.waitForFunction(async (name) => (await caches.match(new URL(`assets/${name}`, location.href))) !== undefined, file);
  await context.setOffline(true);
  server.close();
  assert.equal(await page.evaluate((name) => fetch(`assets/${name}`).then((response) => response.text()).then((text) => text.length), file), length);
});

test('a new version is seen at once, and the old one’s files go when its pages are closed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'playground-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(dist, folder, { recursive: true });
  const { server, context, page } = await visited(t, { folder });
  const caches = (tab) => tab.evaluate(() => window.caches.keys());
  const [old] = await caches(page);
  // The next build: another title, another name of the service worker's cache.
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  await writeFile(join(folder, 'index.html'), html.replace('<h1 class="brand">', '<h1 class="brand" data-next="true">'));
  const worker = await readFile(join(folder, 'service-worker.js'), 'utf8');
  const build = /iam-playground-\$?\{?"?([0-9a-f]{12})|"([0-9a-f]{12})"/.exec(worker);
  const name = build[1] ?? build[2];
  await writeFile(join(folder, 'service-worker.js'), worker.replace(name, 'ffffffffffff'));
  await page.reload();
  assert.equal(await page.locator('h1[data-next]').count(), 1, 'the network comes first');
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update();
    while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  assert.deepEqual((await caches(page)).sort(), [old, 'iam-playground-ffffffffffff'].sort(), 'an open page keeps its files');
  await page.close();
  const next = await context.newPage();
  await next.goto(`${server.address}play/`);
  await next.waitForSelector('html[data-ready=true]');
  await next.waitForFunction(async () => (await caches.keys()).join() === 'iam-playground-ffffffffffff');
  await context.setOffline(true);
  await next.reload();
  await next.waitForSelector('h1[data-next]');
});

test('an embed and a frame keep nothing, and are not answered for', async (t) => {
  const server = await site({ pages: { '/doc.html': hostPage(`<iam-playground>${asScript(scenario())}</iam-playground>`) } });
  t.after(server.close);
  const context = await profile(t);
  const page = await context.newPage();
  for (const path of ['doc.html', 'play/embed.html']) {
    await page.goto(server.address + path);
    await page.locator('iam-playground .iam[data-ready=true]').waitFor();
    await page.waitForTimeout(1200);
    assert.equal(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length)), 0);
    assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  }
  // With the full page's service worker beside it, the frame still comes from the network.
  await page.goto(`${server.address}play/`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  server.asked.length = 0;
  await page.goto(`${server.address}play/embed.html`);
  assert.ok(server.asked.includes('/play/embed.html'));
});
