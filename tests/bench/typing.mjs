// Measures what a person who types waits for: from the key that changes a policy's text to the frame that shows the
// verdict on it. Two scenarios: the example shown first, and ten policies of ten statements.
// `node tests/bench/typing.mjs` prints the figures of the page at PAGE_URL; browser.mjs adds them to its own.
// @ts-check

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Frames are made as fast as they can be, so that waiting for the screen's next refresh is not counted. */
export const FASTEST = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];
const KEYS = { before: 30, measured: 200 };

/** @typedef {{ name: string, about: string, scenario: object }} Typed */

/** @returns {Typed[]} */
export function typed() {
  const first = JSON.parse(readFileSync(join(root, 'web/examples/01-read-one-object.json'), 'utf8'));
  return [
    { name: 'typing-first-example', about: 'from a key to the painted verdict, the first example', scenario: first },
    { name: 'typing-ten-by-ten', about: 'from a key to the painted verdict, ten policies of ten statements', scenario: tenByTen(first) },
  ];
}

/** @param {{ request: object }} first */
function tenByTen(first) {
  const policies = Array.from({ length: 10 }, (_, policy) => ({
    kind: 'identity',
    name: `Policy${policy}`,
    document: {
      Version: '2012-10-17',
      Statement: Array.from({ length: 10 }, (_, statement) => ({
        Sid: `Statement${statement}`,
        Effect: statement === 9 ? 'Deny' : 'Allow',
        Action: ['s3:Get*', `s3:Put${statement}*`, 'dynamodb:GetItem'],
        Resource: [`arn:aws:s3:::bucket-${policy}-${statement}/*`, 'arn:aws:s3:::family-photos/*'],
        Condition: {
          StringEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] },
          Bool: { 'aws:MultiFactorAuthPresent': String(statement % 2 === 0) },
        },
      })),
    },
  }));
  return { ...first, policies };
}

/**
 * Milliseconds for each key.
 * @param {import('../../web/node_modules/playwright-core/index.js').Browser} browser  started with FASTEST
 * @param {string} address
 * @param {object} scenario
 */
export async function type(browser, address, scenario) {
  // At an unlimited frame rate a blinking cursor would keep a core busy with frames that show nothing new.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true');
  await page.evaluate(async (value) => {
    const api = /** @type {any} */ (window).iamPlayground;
    api.setScenario(value);
    // The whole engine and the findings it brings are there.
    await api.getReport();
  }, /** @type {any} */ (scenario));
  await page.waitForTimeout(2500);
  const editor = page.locator('[data-testid=policy] .cm-content').first();
  await editor.click({ position: { x: 60, y: 30 } });
  await page.keyboard.press('End');
  await editor.evaluate((content) => {
    const times = /** @type {number[]} */ ([]);
    Object.assign(window, { times });
    const api = /** @type {any} */ (window).iamPlayground;
    let before = 0;
    /** @type {number | undefined} */
    let start;
    addEventListener('keydown', (event) => (start = event.timeStamp), { capture: true });
    // The first change of the drawn text behind a key is the character; the page knows of it by now, or does so within
    // this task. So the report asked for is that of the new text, and when it comes the page has drawn it: the next
    // frame shows it, which may be the one that shows the character.
    new MutationObserver(async () => {
      if (start === undefined) return;
      const from = start;
      start = undefined;
      await Promise.resolve();
      const report = await api.getReport();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => times.push(performance.now() - from);
        port2.postMessage(0);
      });
      // Each key moves the statements further down the text.
      const { offset } = report.policies[0].statements[0].start;
      if (offset <= before) throw new Error('the report is that of an earlier text');
      before = offset;
    }).observe(content, { childList: true, characterData: true, subtree: true });
  });
  for (let n = 0; n < KEYS.before + KEYS.measured; n += 1) {
    // White space, so that the text stays JSON and the verdict stays one.
    await page.keyboard.press(n % 8 === 7 ? 'Enter' : 'Space');
    await page.waitForFunction((count) => /** @type {any} */ (window).times.length > count, n, { polling: 10 });
  }
  const times = await page.evaluate(() => /** @type {any} */ (window).times);
  await context.close();
  return times.slice(KEYS.before);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core');
  const { PAGE_URL = 'http://localhost:8000/', CHROMIUM_PATH } = process.env;
  const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: ['--no-sandbox', ...FASTEST] });
  for (const { about, scenario } of typed()) {
    const times = (await type(browser, PAGE_URL, scenario)).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
    const at = (/** @type {number} */ share) => `${times[Math.floor(share * (times.length - 1))]?.toFixed(1)} ms`;
    console.log(`${about}: median ${at(0.5)}, p95 ${at(0.95)}`);
  }
  await browser.close();
}
