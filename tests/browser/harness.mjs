// What every browser test needs: a server for the built page (or PAGE_URL), a Chromium, a fresh page for each test,
// and the questions that tests ask of it. Nothing here reaches into the page's modules: it does what a person can do,
// and reads what `data-testid` and `window.iamPlayground` offer.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { TYPES, dist } from './hosts.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
let address = process.env.PAGE_URL;
let server;
let browser;

async function serve() {
  if (!existsSync(join(dist, 'index.html'))) throw new Error('web/dist is missing: `cargo xtask build` makes it');
  server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const file = join(dist, path.endsWith('/') ? `${path}index.html` : path);
    try {
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}/`;
}

function program() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // The next name may be there.
    }
  }
  return undefined;
}

/** Call in `before`. */
export async function start() {
  address ??= await serve();
  address = address.endsWith('/') ? address : `${address}/`;
  browser = await chromium.launch({
    executablePath: program(),
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Call in `after`. */
export async function stop() {
  await browser?.close();
  server?.close();
}

/** A browser profile of its own, for pages that are not the playground's; closed when the test ends. */
export async function profile(t, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  t.after(() => context.close());
  return context;
}

export const pageAddress = () => address;

/**
 * Opens the page in a browser profile of its own and waits for the first decision. When the test ends, whatever the
 * page complained about fails it, but for what matches `expectTrouble`. What matches `block` cannot be loaded.
 */
export async function open(t, { path = '', expectTrouble, context: options = {}, script, block } = {}) {
  // What is kept for offline use has a test of its own; here it would answer in the network's place.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block', ...options });
  if (script) await context.addInitScript(script);
  if (block) await context.route(block, (route) => route.abort());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints = [];
  const requests = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // That the driver keeps the service worker away is its own doing.
    if (message.text().includes('Service Worker registration blocked')) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  context.on('request', (request) => requests.push(request.url()));
  t.after(async () => {
    await context.close();
    const serious = complaints.filter((text) => !expectTrouble?.test(text));
    assert.deepEqual(serious, [], 'the page complained');
  });
  await page.goto(address + path);
  await page.waitForSelector('html[data-ready=true]');
  return Object.assign(tools(page), { page, context, requests });
}

function tools(page) {
  const at = (id) => page.getByTestId(id);
  const editor = (name) => page.locator(`[data-testid=policy][data-name="${name}"] .cm-content`);
  async function examples() {
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=example-picker] option').length > 12);
    return at('example-picker')
      .locator('option')
      .evaluateAll((options) => options.map((option) => option.value).filter((value) => value !== ''));
  }
  return {
    at,
    /** The report of what stands on the page now. */
    report: () => page.evaluate(() => window.iamPlayground.getReport()),
    scenario: () => page.evaluate(() => window.iamPlayground.getScenario()),
    /** Puts a scenario on the page, waits for its report and takes the toast away. */
    async put(scenario) {
      await page.evaluate((value) => window.iamPlayground.setScenario(value), scenario);
      await page.evaluate(() => window.iamPlayground.getReport());
      await page.getByTestId('toast').getByLabel('Close').click();
    },
    /** Waits until the page shows this decision, and no older one. */
    async decides(decision) {
      await page.waitForSelector(`[data-testid=decision][data-decision=${decision}][data-stale=false]`);
    },
    /** The ids of all examples, once the picker has them. */
    examples,
    async pick(id) {
      await examples();
      await at('example-picker').selectOption(id);
      await page.evaluate(() => window.iamPlayground.getReport());
    },
    /** The card of a policy, by its name. */
    policy: (name) => page.locator(`[data-testid=policy][data-name="${name}"]`),
    /** The editor's text area in a policy's card. */
    editor,
    /** Puts the cursor behind the first place where the text has `words`. */
    async putCursor(name, words) {
      await editor(name).evaluate((content, text) => {
        const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const index = node.data.indexOf(text);
          if (index < 0) continue;
          content.focus();
          getSelection().collapse(node, index + text.length);
          return;
        }
        throw new Error(`the editor does not show ${text}`);
      }, words);
      await page.waitForTimeout(50);
    },
  };
}

/** A small scenario: one identity policy that allows reading a bucket's objects. */
export function smallScenario(changes = {}) {
  return {
    title: 'small',
    request: {
      principal: 'arn:aws:iam::111122223333:user/alice',
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::photos/cat.jpg',
    },
    policies: [
      {
        kind: 'identity',
        name: 'Read',
        document: {
          Version: '2012-10-17',
          Statement: [
            { Sid: 'Objects', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' },
            { Sid: 'Lists', Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::photos' },
          ],
        },
      },
    ],
    ...changes,
  };
}
