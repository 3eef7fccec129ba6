// Lighthouse on the built page, as on a phone with a slow connection and as on a desktop. Prints one JSON object:
// { version, results }, with the browser's version and form → category → score from 0 to 100, the median of several
// runs. What costs points is named on standard error.
// Run by `cargo xtask bench --lighthouse`, which sets PAGE_URL and CHROMIUM_PATH.
// @ts-check

import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';

const { PAGE_URL = '', CHROMIUM_PATH } = process.env;
const RUNS = 3;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];

/** @type {Record<string, Record<string, number>>} */
const results = {};
let version = '';
for (const [form, config] of /** @type {const} */ ([['phone', undefined], ['desktop', desktopConfig]])) {
  /** @type {Record<string, number[]>} */
  const scores = {};
  for (let run = 0; run < RUNS; run += 1) {
    const chrome = await launch({
      chromePath: CHROMIUM_PATH,
      chromeFlags: ['--headless=new', '--no-sandbox', '--disable-quic', '--disable-background-networking'],
    });
    try {
      const outcome = await lighthouse(PAGE_URL, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: 'error' }, config);
      if (!outcome || outcome.lhr.runtimeError) throw new Error(outcome?.lhr.runtimeError?.message ?? 'no result');
      version = /Chrome\/([\d.]+)/.exec(outcome.lhr.environment.hostUserAgent)?.[1] ?? '';
      for (const [name, category] of Object.entries(outcome.lhr.categories)) {
        (scores[name] ??= []).push(Math.round((category.score ?? 0) * 100));
        if (run === 0) blame(form, category, outcome.lhr.audits);
      }
    } finally {
      chrome.kill();
    }
  }
  results[form] = Object.fromEntries(Object.entries(scores).map(([name, all]) => [name, median(all)]));
}
console.log(JSON.stringify({ version, results }));

/**
 * @param {string} form
 * @param {{ title: string, auditRefs: { id: string, weight: number }[] }} category
 * @param {Record<string, { score: number | null, title: string, displayValue?: string }>} audits
 */
function blame(form, category, audits) {
  for (const { id, weight } of category.auditRefs) {
    const audit = audits[id];
    if (weight > 0 && audit && audit.score !== null && audit.score < 0.9) {
      console.error(`${form}, ${category.title}: ${audit.title} ${audit.displayValue ?? ''}`);
    }
  }
}

/** @param {number[]} values */
function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
