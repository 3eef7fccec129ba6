// Measures in Chromium what a person waits for. Prints one JSON object: { version, results }, with the browser's
// version and name → { about, median, p95 } in nanoseconds.
// Run by `cargo xtask bench`, which sets PAGE_URL (the built page), WORKLOADS (the folder with the native benchmarks'
// workloads) and CHROMIUM_PATH.
//
// - One keystroke: the engine gets the scenario with the changed document and gives the whole report over the
//   boundary (parse, decide, trace, report), as the page asks it: what is said of the other policies has crossed before.
//   The engine is the one of web/pkg, called directly in a page of its own.
// - Typing: from a key in a policy's text on the page to the frame that shows the verdict (typing.mjs).
// - Loading: from an empty cache to the first decision on the page. What is loaded until then must be what
//   `cargo xtask size` counts: PAGE_MANIFEST names its list.
// @ts-check

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FASTEST, type, typed } from './typing.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { chromium } = /** @type {typeof import('../../web/node_modules/playwright-core/index.js')} */ (
  createRequire(join(root, 'web/package.json'))('playwright-core')
);

const { PAGE_URL, PAGE_MANIFEST, WORKLOADS, CHROMIUM_PATH } = process.env;
/** Calls measured of each scenario: as many as fit into the time, but not more and not fewer than these. */
const CALLS = { most: 2000, least: 5, milliseconds: 5000 };
const LOADS = 9;

/** A page that may use the finest clock a browser has: cross-origin isolated, with nothing on it but the engine. */
const BENCH = 'http://localhost:9/';
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const browser = await chromium.launch({
  executablePath: CHROMIUM_PATH,
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const version = browser.version();
/** @type {Record<string, { about: string, median: number, p95: number }>} */
const results = {};
try {
  for (const { name, about, scenario } of [...examples(), ...workloads()]) {
    results[name] = { about: `a keystroke: ${about}`, ...summary(await keystrokes(scenario)) };
  }
  if (PAGE_URL) {
    const fast = await chromium.launch({ executablePath: CHROMIUM_PATH, args: ['--no-sandbox', ...FASTEST] });
    for (const { name, about, scenario } of typed()) {
      results[name] = { about, ...summary(await type(fast, PAGE_URL, scenario)) };
    }
    await fast.close();
  }
  if (PAGE_URL) results.loading = { about: 'loading the page, to the first decision', ...summary(await loads(PAGE_URL)) };
} finally {
  await browser.close();
}
console.log(JSON.stringify({ version, results }));

/** @typedef {{ name: string, about: string, scenario: object }} Measured */

/** The native benchmarks' workloads, in their order. @returns {Measured[]} */
function workloads() {
  if (!WORKLOADS) return [];
  const names = readdirSync(WORKLOADS).sort();
  return names.map((name) => JSON.parse(readFileSync(join(WORKLOADS, name), 'utf8')));
}

/** The example shown first, and the one with the most policy text. @returns {Measured[]} */
function examples() {
  const folder = join(root, 'web/examples');
  const all = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  /** @param {{ policies: object[] }} scenario */
  const size = (scenario) => JSON.stringify(scenario.policies).length;
  const [first] = all;
  const [largest] = [...all].sort((a, b) => size(b) - size(a));
  const about = (/** @type {string} */ which, /** @type {any} */ scenario) =>
    `the ${which} example (${size(scenario)} characters of policies)`;
  return [
    { name: 'first-example', about: about('first', first), scenario: first },
    { name: 'largest-example', about: about('largest', largest), scenario: largest },
  ];
}

/** Times calls of the engine, each with another text of the first policy. @param {object} scenario */
async function keystrokes(scenario) {
  const page = await browser.newPage();
  await page.route(`${BENCH}**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (!name) {
      return route.fulfill({ contentType: 'text/html', headers: ISOLATED, body: '<!doctype html><title>bench</title>' });
    }
    return route.fulfill({
      contentType: name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript',
      headers: ISOLATED,
      body: readFileSync(join(root, name === 'parts.js' ? 'web/src' : 'web/pkg', name)),
    });
  });
  await page.goto(BENCH);
  const times = await page.evaluate(
    async ({ scenario, calls }) => {
      if (!crossOriginIsolated) throw new Error('the clock is too coarse');
      const [engine, { createAssembler }] = await Promise.all(['/iam_playground.js', '/parts.js'].map((at) => import(at)));
      const assemble = createAssembler();
      await engine.default({ module_or_path: '/iam_playground_bg.wasm' });
      const policies = scenario.policies.map((/** @type {{ document: object | string }} */ policy) => ({
        ...policy,
        document: typeof policy.document === 'string' ? policy.document : JSON.stringify(policy.document, null, 2),
      }));
      const [{ document: text }] = policies;
      const now = Date.UTC(2026, 0, 31, 12);
      // A person types a space somewhere: the text differs in every call, its meaning does not.
      const call = (/** @type {number} */ n) => {
        const place = text.indexOf(':') + 1;
        policies[0].document = text.slice(0, place) + ' '.repeat(1 + (n % 7)) + text.slice(place);
        const start = performance.now();
        const report = assemble(engine.evaluateParts(JSON.stringify({ ...scenario, policies }), now));
        const time = performance.now() - start;
        if (report.decision === null) throw new Error(`no decision: ${report.reason.message}`);
        return time;
      };
      const once = call(0);
      const count = Math.max(calls.least, Math.min(calls.most, Math.floor(calls.milliseconds / once)));
      for (let n = 0; n < count / 4; n += 1) call(n);
      return Array.from({ length: count }, (_, n) => call(n));
    },
    { scenario: /** @type {any} */ (scenario), calls: CALLS },
  );
  await page.close();
  return times;
}

/** Times loading the page with an empty cache until it shows a decision. @param {string} address */
async function loads(address) {
  const times = [];
  for (let n = 0; n < LOADS; n += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    /** @type {import('../../web/node_modules/playwright-core/index.js').Request[]} */
    const requests = [];
    page.on('request', (request) => requests.push(request));
    await page.addInitScript(() => {
      const observer = new MutationObserver(() => {
        const decision = document.querySelector('[data-testid=decision]')?.getAttribute('data-decision');
        if (!decision || decision === 'none') return;
        observer.disconnect();
        Object.assign(window, { firstDecision: performance.now() });
      });
      observer.observe(document, { subtree: true, childList: true, attributes: true });
    });
    await page.goto(address);
    const wait = await page.waitForFunction(() => /** @type {any} */ (window).firstDecision);
    const time = await wait.jsonValue();
    const until = time + (await page.evaluate(() => performance.timeOrigin));
    times.push(time);
    check(address, requests.filter((request) => request.timing().startTime < until).map((request) => request.url()));
    await context.close();
  }
  return times;
}

/** Holds what was loaded against what is counted. @param {string} address @param {string[]} loaded */
function check(address, loaded) {
  if (!PAGE_MANIFEST) return;
  /** @type {string[]} */
  const counted = JSON.parse(readFileSync(PAGE_MANIFEST, 'utf8'))['index.html'];
  const files = loaded.filter((url) => url.startsWith(address)).map((url) => url.slice(address.length) || 'index.html');
  const surplus = files.filter((file) => !counted.includes(file));
  if (surplus.length) throw new Error(`loaded before the first decision, but not counted: ${surplus.join(', ')}`);
}

/** @param {number[]} milliseconds */
function summary(milliseconds) {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? NaN) * 1e6);
  return { median: at(0.5), p95: at(0.95) };
}
