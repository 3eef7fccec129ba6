// Measures in Chromium what helps while a policy is typed: loading the reference data, then completion, hovers,
// formatting, mends and findings for the largest AWS managed policy, as a policy of one's own. Prints one JSON object
// as browser.mjs does, which says how it is run; the engine is the whole one of web/pkg, called directly in a page of
// its own. Each row has its limit. Other work on the machine makes everything slower, so only a row whose fastest tenth
// is above the limit fails.
// @ts-check

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { chromium } = /** @type {typeof import('../../web/node_modules/playwright-core/index.js')} */ (
  createRequire(join(root, 'web/package.json'))('playwright-core')
);

/** Calls measured of each question. */
const CALLS = 200;
/** How often the data is loaded, each time into an engine that has none. */
const LOADS = 15;
/** Milliseconds. */
const LIMITS = { load: 30, typing: 5, findings: 50 };

/** A page that may use the finest clock a browser has: cross-origin isolated, with nothing on it but the engine. */
const BENCH = 'http://localhost:9/';
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
const TYPES = { js: 'text/javascript', wasm: 'application/wasm', txt: 'text/plain; charset=utf-8' };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH,
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const version = browser.version();
/** @type {Record<string, { about: string, median: number, p95: number }>} */
const results = {};
/** @type {string[]} */
const slow = [];
try {
  const page = await browser.newPage();
  await page.route(`${BENCH}**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (!name) {
      return route.fulfill({ contentType: 'text/html', headers: ISOLATED, body: '<!doctype html><title>bench</title>' });
    }
    const type = /** @type {keyof typeof TYPES} */ (name.split('.').at(-1));
    const body = readFileSync(join(root, type === 'txt' ? 'data' : 'web/pkg', name));
    return route.fulfill({ contentType: TYPES[type], headers: ISOLATED, body });
  });
  await page.goto(BENCH);
  const { size, rows } = await page.evaluate(measured, { calls: CALLS, loads: LOADS, limits: LIMITS });
  const which = `the largest AWS managed policy (${Math.round(size / 1000)} kB)`;
  for (const { name, about, limit, times } of rows) {
    const { fast, median, p95 } = summary(times);
    results[name] = { about: `${about.replace('POLICY', which)}, limit ${limit} ms`, median, p95 };
    if (fast > limit * 1e6) slow.push(`${about}: ${(fast / 1e6).toFixed(1)} ms at best, more than ${limit} ms`);
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ version, results }));
if (slow.length > 0) throw new Error(slow.join('; '));

/**
 * Runs in the page.
 * @param {{ calls: number, loads: number, limits: typeof LIMITS }} options
 */
async function measured({ calls, loads, limits }) {
  if (!crossOriginIsolated) throw new Error('the clock is too coarse');
  /** @param {string} name */
  const text = async (name) => (await fetch(`/${name}.txt`)).text();
  const data = { services: await text('services'), descriptions: await text('descriptions'), policies: await text('managed-policies') };
  const compiled = await WebAssembly.compile(await (await fetch('/iam_playground_bg.wasm')).arrayBuffer());
  /** A module of its own has a memory of its own. @param {number | string} n */
  const start = async (n) => {
    const address = `/iam_playground.js?${n}`;
    const engine = await import(address);
    await engine.default({ module_or_path: compiled });
    return engine;
  };
  /** @param {() => unknown} call */
  const time = (call) => {
    const start = performance.now();
    call();
    return performance.now() - start;
  };
  /** @type {Record<'services' | 'descriptions' | 'policies', number[]>} */
  const loading = { services: [], descriptions: [], policies: [] };
  for (let n = 0; n < loads; n += 1) {
    const fresh = await start(n);
    loading.services.push(time(() => fresh.load('services', data.services)));
    loading.descriptions.push(time(() => fresh.load('descriptions', data.descriptions)));
    loading.policies.push(time(() => fresh.load('managed-policies', data.policies)));
  }

  const engine = await start('typing');
  engine.load('services', data.services);
  engine.load('descriptions', data.descriptions);
  engine.load('managed-policies', data.policies);
  const names = data.policies.split('\n').filter((line) => line.startsWith('@')).map((line) => line.slice(1).split(' ')[0]);
  /** @type {string[]} */
  const documents = names.map((name) => engine.managedPolicy(name, 'identity').document);
  const document = documents.reduce((a, b) => (b.length > a.length ? b : a));
  const middle = document.length >> 1;
  const element = document.lastIndexOf('"Effect"', middle);
  const action = document.lastIndexOf(':', document.lastIndexOf('"Resource"', middle)) + 2;
  const resource = document.indexOf('"', document.indexOf('"Resource": ', middle) + 12) + 1;
  // It has no conditions: one is put into the statement in the middle.
  const condition = '"Condition": {"StringEquals": {"aws:SourceVpc';
  const conditional = `${document.slice(0, element)}${condition}": ""}},\n${document.slice(element)}`;
  const key = element + condition.length;
  const request = { principal: 'arn:aws:iam::111122223333:user/alice', action: 's3:GetObject', resource: 'arn:aws:s3:::photos/cat.jpg' };
  const now = Date.UTC(2026, 0, 31, 12);
  // A person types a space somewhere behind: the text differs in every call, the place asked about stays.
  /** @param {number} n @param {string} [text] */
  const scenario = (n, text = document) => ({ request, policies: [{ kind: 'identity', document: text + ' '.repeat(1 + (n % 7)) }] });
  /** @param {string} text  what stands there, an `|` where the cursor is */
  const draft = (text) => {
    const at = text.indexOf('|');
    return (/** @type {number} */ n) => engine.complete(scenario(n, text.replace('|', '')), 0, at);
  };
  /** @type {[string, string, number, (n: number) => any][]} */
  const questions = [
    ['complete-action', 'completion in POLICY, an action', limits.typing, (n) => engine.complete(scenario(n), 0, action)],
    ['complete-resource', 'completion in POLICY, a resource', limits.typing, (n) => engine.complete(scenario(n), 0, resource)],
    ['complete-key', 'completion in POLICY, a condition key', limits.typing, (n) => engine.complete(scenario(n, conditional), 0, key)],
    ['complete-element', 'completion in POLICY, an element', limits.typing, (n) => engine.complete(scenario(n), 0, element + 3)],
    ['complete-service', 'completion in a new policy, a service', limits.typing, draft('{"Statement": {"Action": "|')],
    ['complete-ec2', 'completion in a new policy, an action of ec2', limits.typing, draft('{"Statement": {"Action": "ec2:|')],
    ['complete-ec2-key', 'completion in a new policy, a condition key for `ec2:*`', limits.typing, draft('{"Statement": {"Action": "ec2:*", "Condition": {"StringEquals": {"|')],
    ['hover-action', 'hover in POLICY, an action', limits.typing, (n) => engine.hover(scenario(n), 0, action, now)],
    ['hover-resource', 'hover in POLICY, a resource', limits.typing, (n) => engine.hover(scenario(n), 0, resource, now)],
    ['hover-key', 'hover in POLICY, a condition key', limits.typing, (n) => engine.hover(scenario(n, conditional), 0, key, now)],
    ['hover-element', 'hover in POLICY, an element', limits.typing, (n) => engine.hover(scenario(n), 0, element + 3, now)],
    ['format', 'formatting POLICY', limits.typing, (n) => engine.format(scenario(n).policies[0]?.document, middle)],
    ['report', 'the report on POLICY', limits.findings, (n) => engine.evaluate(scenario(n), now)],
    ['fixes', 'the mends at a place of POLICY', limits.findings, (n) => engine.fixes(scenario(n), 0, action)],
    ['review', 'the findings beside the report in POLICY', limits.findings, (n) => engine.review(scenario(n))],
    ['check', 'all findings in POLICY', limits.findings, (n) => engine.check(scenario(n).policies[0]?.document, 'identity')],
  ];
  const rows = [
    { name: 'load-services', about: 'taking in the service data', limit: limits.load, times: loading.services },
    { name: 'load-descriptions', about: 'taking in the descriptions', limit: limits.load, times: loading.descriptions },
    { name: 'load-policies', about: 'taking in the AWS managed policies', limit: limits.load, times: loading.policies },
  ];
  for (const [name, about, limit, ask] of questions) {
    const answer = ask(0);
    if (!answer || answer.options?.length === 0 || (answer.length === 0 && name !== 'fixes')) throw new Error(`${name}: nothing was answered`);
    for (let n = 1; n < calls / 10; n += 1) ask(n);
    rows.push({ name, about, limit, times: Array.from({ length: calls }, (_, n) => time(() => ask(n))) });
  }
  return { size: document.length, rows };
}

/** @param {number[]} milliseconds */
function summary(milliseconds) {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? NaN) * 1e6);
  return { fast: at(0.1), median: at(0.5), p95: at(0.95) };
}
