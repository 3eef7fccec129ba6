// Measures a page of documentation with twenty embeds, from an empty cache: when all its contents can be read, when the
// first and the last embed decide, how far anything moved, and how many workers there are.
//
// Measures twice: with embeds that load as the reader comes near, and with all at once. Prints one JSON object:
// { version, embeds, results }, with the browser's version and loading → { readable, first, last, decided, shift, workers }:
// medians in milliseconds, of layout shift and workers the largest. Fails where there is more than one worker or
// anything moved: that is not a matter of speed.
// Run by `cargo xtask bench`, or by itself after `cargo xtask build`; CHROMIUM_PATH names the browser.
// @ts-check

import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { chromium } = /** @type {typeof import('../../web/node_modules/playwright-core/index.js')} */ (
  createRequire(join(root, 'web/package.json'))('playwright-core')
);

const EMBEDS = 20;
const VISITS = 7;
/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };

const policy = JSON.stringify(
  {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Objects', Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::photos/*' },
      { Sid: 'NoSecrets', Effect: 'Deny', Action: '*', Resource: 'arn:aws:s3:::photos/secret/*' },
    ],
  },
  null,
  2,
);
const request = { principal: 'arn:aws:iam::111122223333:user/alice', action: 's3:GetObject', resource: 'arn:aws:s3:::photos/cat.jpg' };

/** @param {string} loading */
const page = (loading) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Twenty</title>
<link rel="stylesheet" href="/play/iam-playground.css"><script type="module" src="/play/iam-playground.js"></script>
${Array.from(
  { length: EMBEDS },
  (_, n) => `<h2>Example ${n}</h2><p>Some words before.</p>
<iam-playground loading="${loading}"><pre><code class="language-json">${policy}</code></pre>
<script type="application/json" slot="scenario">${JSON.stringify({ request })}</script></iam-playground>`,
).join('\n')}`;

const server = createServer(async (asked, response) => {
  const path = normalize(new URL(asked.url ?? '/', 'http://localhost').pathname);
  try {
    const body = path.startsWith('/play/') ? await readFile(join(root, 'web/dist', path.slice('/play/'.length))) : page(path.slice(1));
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? (path.startsWith('/play/') ? 'text/plain' : TYPES['.html'] ?? '') });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = server.address();
if (typeof address !== 'object' || !address) throw new Error('the server has no address');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim(),
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
/** @type {Record<string, Record<string, number>>} */
const results = {};
try {
  for (const loading of ['lazy', 'eager']) {
    /** @type {Awaited<ReturnType<typeof visit>>[]} */
    const visits = [];
    for (let n = 0; n < VISITS; n += 1) visits.push(await visit(loading));
    const median = (/** @type {(one: typeof visits[number]) => number} */ of) => [...visits.map(of)].sort((a, b) => a - b)[VISITS >> 1] ?? 0;
    const most = (/** @type {(one: typeof visits[number]) => number} */ of) => Math.max(...visits.map(of));
    results[loading] = {
      readable: median((one) => one.readable),
      first: median((one) => one.first),
      last: median((one) => one.last),
      decided: median((one) => one.decided),
      shift: most((one) => one.shift),
      workers: most((one) => one.workers),
    };
    const { shift = 0, workers = 0 } = results[loading] ?? {};
    if (workers > 1 || shift > 0.001) throw new Error(`loading="${loading}": ${workers} workers, a layout shift of ${shift}`);
  }
  console.log(JSON.stringify({ version: browser.version(), embeds: EMBEDS, results }));
} finally {
  await browser.close();
  server.close();
}

/** @param {string} loading */
async function visit(loading) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const tab = await context.newPage();
  await tab.addInitScript(() => {
    const seen = { shift: 0, decisions: /** @type {number[]} */ ([]), readable: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += /** @type {any} */ (entry).value;
    }).observe({ type: 'layout-shift', buffered: true });
    document.addEventListener('iam-ready', () => seen.decisions.push(performance.now()));
    // Every embed stands in its place, with its text in it.
    void customElements.whenDefined('iam-playground').then(() =>
      document.addEventListener('DOMContentLoaded', () => requestAnimationFrame(() => (seen.readable = performance.now()))),
    );
  });
  await tab.goto(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/${loading}`);
  const all = loading === 'eager' ? EMBEDS : 1;
  await tab.waitForFunction((number) => /** @type {any} */ (window).seen.decisions.length >= number, all, { timeout: 60_000 });
  await tab.waitForTimeout(500);
  const { shift, decisions, readable } = await tab.evaluate(() => /** @type {any} */ (window).seen);
  const workers = tab.workers().length;
  await context.close();
  return { shift, readable, first: Math.min(...decisions), last: Math.max(...decisions), decided: decisions.length, workers };
}
