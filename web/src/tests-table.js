// The second region, last part: the scenario's tests, what they expect and what they get.
// @ts-check

import { byId, fit, h, setChanged, setText } from './dom.js';
import { createMemo } from './memo.js';
import { icon } from './icons.js';
import { decisionInfo } from './kinds.js';
import { prose } from './markdown.js';
import { toast } from './notices.js';
import { isObject, same, testRequest } from './scenario.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').DecisionName} DecisionName
 * @typedef {import('./types.d.ts').PageState} PageState
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./types.d.ts').RequestFields} RequestFields
 * @typedef {import('./types.d.ts').ScenarioTest} ScenarioTest
 * @typedef {import('./types.d.ts').TestResult} TestResult
 * @typedef {import('./store.js').Store} Store
 */

const EXPECTATIONS = /** @type {const} */ ([
  ['allowed', 'Allowed'],
  ['implicitDeny', 'Implicit deny'],
  ['explicitDeny', 'Explicit deny'],
  ['none', 'No decision'],
  ['any', 'Anything'],
]);

/**
 * @param {Store} store
 * @param {(next: RequestFields) => void} commitRequest
 * @param {import('./dom.js').Root} [root]  where the region's elements are
 */
export function createTests(store, commitRequest, root = document) {
  const body = h('tbody', { role: 'rowgroup' });
  const table = h(
    'table',
    { class: 'tests-table', role: 'table', 'aria-label': 'Tests' },
    h(
      'thead',
      { class: 'visually-hidden', role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        ...['Result', 'Test', 'Expected', 'Got', 'Actions'].map((name) => h('th', { role: 'columnheader', scope: 'col' }, name)),
      ),
    ),
    body,
  );
  const nothing = h('p', { class: 'hint' }, 'No tests yet. A test keeps a request together with the answer it should get.');
  const counts = byId('test-count', root);
  const addButton = h(
    'button',
    { type: 'button', class: 'button small', data: { testid: 'add-test' }, onclick: add },
    icon('plus'),
    'Add this request as a test',
  );
  byId('tests', root).append(table, nothing, h('div', { class: 'row-actions' }, addButton));

  /** @type {Report | undefined} */
  let report;
  /** @type {ReturnType<typeof createTestRow>[]} */
  let rows = [];

  function add() {
    const { request, tests } = store.state;
    const action = typeof request.action === 'string' ? request.action : 'request';
    const end = typeof request.resource === 'string' ? ` on ${request.resource.split(':').at(-1)}` : '';
    /** @type {ScenarioTest} */
    const test = { name: action + end, request: structuredClone(request), expect: report?.decision ?? null };
    store.set({ ...store.state, tests: [...tests, test] }, 'tests');
    rows.at(-1)?.focusName();
  }

  /** @param {number} index @param {ScenarioTest | undefined} test */
  function put(index, test) {
    const tests = [...store.state.tests];
    if (test) tests[index] = test;
    else tests.splice(index, 1);
    store.set({ ...store.state, tests }, 'tests');
  }

  /** @param {number} index */
  function load(index) {
    const test = store.state.tests[index];
    if (!test) return;
    const before = store.state.request;
    const next = testRequest(before, test);
    if (same(before, next)) return;
    commitRequest(next);
    toast(`Loaded “${test.name}” into the request.`, { root, undo: () => commitRequest(before) });
  }

  /** @param {number} index @param {boolean} byKey */
  function remove(index, byKey) {
    const test = store.state.tests[index];
    if (!test) return;
    put(index, undefined);
    toast(`Removed the test “${test.name}”.`, {
      root,
      undo: () => {
        const tests = [...store.state.tests];
        tests.splice(Math.min(index, tests.length), 0, test);
        store.set({ ...store.state, tests }, 'tests');
        rows[index]?.focusName();
      },
      focus: byKey,
      back: () => (rows[index] ?? rows[index - 1] ?? { focusName: () => addButton.focus() }).focusName(),
    });
  }

  function render() {
    const { tests, request } = store.state;
    if (rows.length !== tests.length) {
      rows = tests.map((_, index) => createTestRow(index, { put, load, remove, test: () => store.state.tests[index] }));
      body.replaceChildren(...rows.map((row) => row.element));
    }
    tests.forEach((test, index) => {
      const result = report?.tests.length === tests.length ? report.tests[index] : undefined;
      rows[index]?.update(test, result, same(testRequest(request, test), request));
    });
    table.hidden = tests.length === 0;
    nothing.hidden = tests.length > 0;
    count(tests.length);
  }

  /** @param {number} total */
  function count(total) {
    const results = report?.tests.length === total ? report.tests : [];
    const passing = results.filter((result) => result.pass).length;
    counts.hidden = total === 0 || results.length === 0;
    counts.dataset.pass = String(passing === total);
    setText(counts, passing === total ? `all ${total} pass` : `${passing} of ${total} pass`);
  }

  store.subscribe((_, change) => {
    if (change === 'load') {
      report = undefined;
      rows = [];
      body.replaceChildren();
    }
    if (change === 'load' || change === 'tests' || change === 'request') render();
  });
  render();
  return {
    /** @param {Answer} answer @param {boolean} stale  a policy cannot be read: the last results stay */
    show(answer, stale) {
      table.classList.toggle('is-stale', stale);
      counts.classList.toggle('is-stale', stale);
      if (stale) return;
      if (same(answer.report.tests, report?.tests)) {
        report = answer.report;
        return;
      }
      report = answer.report;
      render();
    },
  };
}

/**
 * @param {number} index
 * @param {{ put: (index: number, test: ScenarioTest) => void, load: (index: number) => void,
 *   remove: (index: number, byKey: boolean) => void, test: () => ScenarioTest | undefined }} events
 */
function createTestRow(index, events) {
  const change = (/** @type {Partial<ScenarioTest>} */ part) => {
    const test = events.test();
    if (!test) return;
    const next = { ...test, ...part };
    // An expectation that is left out says something else than null.
    if (next.expect === undefined) delete next.expect;
    events.put(index, next);
  };
  const memo = createMemo();
  const mark = h('td', { role: 'cell', class: 'test-mark' });
  const name = h('textarea', {
    class: 'quiet-input test-name',
    rows: '1',
    'aria-label': `Name of test ${index + 1}`,
    spellcheck: 'false',
    autocomplete: 'off',
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter') event.preventDefault();
    },
    oninput: () => {
      fit(name);
      change({ name: name.value.replace(/\s*[\r\n]+\s*/g, ' ') });
    },
  });
  const summary = h('p', { class: 'test-request' });
  const why = h('p', { class: 'test-why', hidden: true });
  const expected = h(
    'select',
    {
      'aria-label': `Expected by test ${index + 1}`,
      data: { testid: 'test-expect' },
      onchange: () => change({ expect: expectation(expected.value) }),
    },
    ...EXPECTATIONS.map(([value, words]) => h('option', { value }, words)),
  );
  const got = h('td', { role: 'cell', class: 'test-got', data: { testid: 'test-got' } });
  const loadButton = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      title: 'Load into the request',
      data: { testid: 'test-load' },
      onclick: () => events.load(index),
    },
    icon('load'),
  );
  const removeButton = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      title: 'Remove',
      data: { testid: 'test-remove' },
      onclick: (/** @type {MouseEvent} */ event) => events.remove(index, event.detail === 0),
    },
    icon('trash'),
  );
  const element = h(
    'tr',
    { role: 'row', class: 'test-row', data: { testid: 'test-row' } },
    mark,
    h('td', { role: 'cell', class: 'test-what' }, name, summary, why),
    h('td', { role: 'cell', class: 'test-expected' }, h('span', { class: 'cell-label' }, 'expected'), expected),
    got,
    h('td', { role: 'cell', class: 'test-actions' }, loadButton, removeButton),
  );

  return {
    element,
    focusName: () => name.focus(),
    /** @param {ScenarioTest} test @param {TestResult | undefined} result @param {boolean} isCurrent */
    update(test, result, isCurrent) {
      const called = String(test.name ?? '');
      if (name.value !== called) {
        name.value = called;
        fit(name);
      }
      setChanged(loadButton, { 'aria-label': `Load “${called}” into the request` });
      setChanged(removeButton, { 'aria-label': `Remove the test “${called}”` });
      expected.value = test.expect === undefined ? 'any' : (test.expect ?? 'none');
      setText(summary, describe(test));
      summary.hidden = summary.textContent === '';
      element.classList.toggle('is-current', isCurrent);
      if (!memo('result', [result?.pass, result?.decision, result?.message])) return;
      element.dataset.pass = result ? String(result.pass) : '';
      mark.replaceChildren(
        result ? icon(result.pass ? 'check' : 'cross', result.pass ? 'passes' : 'fails') : icon('dash', 'not run yet'),
      );
      got.replaceChildren(
        h('span', { class: 'cell-label' }, 'got'),
        h('span', null, result ? decisionInfo(result.decision).short : '…'),
      );
      why.hidden = !result || result.pass || !result.message;
      why.replaceChildren(...prose(result?.message ?? ''));
    },
  };
}

/** @param {string} chosen @returns {DecisionName | null | undefined} */
function expectation(chosen) {
  if (chosen === 'any') return undefined;
  return chosen === 'none' ? null : /** @type {DecisionName} */ (chosen);
}

/** What a test asks differently. @param {ScenarioTest} test */
function describe(test) {
  const own = isObject(test.request) ? /** @type {RequestFields} */ (test.request) : {};
  /** @type {string[]} */
  const parts = [];
  if (own.principal !== undefined) parts.push(typeof own.principal === 'string' ? own.principal : JSON.stringify(own.principal));
  if (own.action !== undefined) parts.push(String(own.action));
  if (own.resource !== undefined) parts.push(String(own.resource));
  if (own.resourceAccount !== undefined) parts.push(`owned by ${own.resourceAccount}`);
  for (const [key, value] of Object.entries(isObject(own.context) ? own.context : {})) {
    parts.push(value === null ? `no ${key}` : `${key} = ${Array.isArray(value) ? value.join(', ') : value}`);
  }
  return parts.join(' · ');
}
