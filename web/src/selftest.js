// `?selftest`: every scenario of the cases file and every example through this page's own engine.
// @ts-check

import { byId, h } from './dom.js';
import { icon } from './icons.js';
import { isObject } from './scenario.js';

/**
 * @typedef {import('./types.d.ts').Scenario} Scenario
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {{ file: string, scenario: Scenario }} Case
 */

/** @param {(scenario: Scenario) => Promise<Report>} evaluate */
export async function runSelftest(evaluate) {
  const summary = h('p', { role: 'status' }, 'Running …');
  const failures = h('ul', { class: 'diagnostics' });
  const box = h(
    'section',
    { class: 'selftest', data: { testid: 'selftest', state: 'running' }, 'aria-label': 'Self-test' },
    h('h2', null, 'Self-test'),
    summary,
    failures,
  );
  byId('notices').append(box);

  let passed = 0;
  let failed = 0;
  /** @param {string} words @param {string} detail */
  const fail = (words, detail) => {
    failed += 1;
    failures.append(h('li', { class: 'diagnostic diagnostic-error' }, icon('error', 'failed'), h('div', null, h('p', null, words), h('p', { class: 'hint' }, detail))));
  };

  try {
    for (const { file, scenario } of await allCases()) {
      const report = await evaluate(scenario);
      const where = `${file}: ${scenario.title ?? 'untitled'}`;
      if ((scenario.tests?.length ?? 0) !== report.tests.length) fail(where, `${report.tests.length} results for ${scenario.tests?.length ?? 0} tests`);
      for (const test of report.tests) {
        if (test.pass) passed += 1;
        else fail(`${where}: ${test.name}`, test.message ?? `expected ${test.expect}, got ${test.decision}`);
      }
    }
  } catch (error) {
    fail('The self-test could not be finished', error instanceof Error ? error.message : String(error));
  }
  summary.textContent = `${passed} passed, ${failed} failed`;
  box.dataset.state = 'done';
}

/** @returns {Promise<Case[]>} */
async function allCases() {
  const { examplesAddress } = await import('./examples-address.js');
  /** @type {Case[]} */
  const cases = [];
  for (const [address, name] of /** @type {[URL, string][]} */ ([
    [new URL('cases.json', document.baseURI), 'cases'],
    [examplesAddress, 'examples'],
  ])) {
    const response = await fetch(address);
    if (response.status === 404) continue;
    if (!response.ok) throw new Error(`the server answered ${response.status} for ${name}`);
    cases.push(...casesIn(await response.json(), name));
  }
  if (cases.length === 0) throw new Error('there are no cases beside this page');
  return cases;
}

/**
 * Scenarios, however they are gathered: one, a list, `{scenarios}`, or files by name.
 * @param {unknown} value
 * @param {string} file
 * @returns {Case[]}
 */
function casesIn(value, file) {
  if (Array.isArray(value)) return value.flatMap((item) => casesIn(item, file));
  if (!isObject(value)) return [];
  const name = [value.file, value.id].find((label) => typeof label === 'string') ?? file;
  if (Array.isArray(value.scenarios)) return value.scenarios.flatMap((item) => casesIn(item, String(name)));
  if ('request' in value || 'policies' in value) {
    return [{ file: String(name), scenario: /** @type {Scenario} */ (/** @type {unknown} */ (value)) }];
  }
  return Object.entries(value).flatMap(([key, item]) => casesIn(item, key));
}
