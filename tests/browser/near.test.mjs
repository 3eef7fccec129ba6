// The near engine: answers small scenarios on the page itself, before a key is drawn. The worker's answers are held back
// here, so that what the page shows meanwhile is the near engine's.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAssembler } from '../../web/src/parts.js';
import { open, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

/** Takes down what the worker is asked and answers, and holds its answers back while `spy.held`. */
function spyOnWorker() {
  const spy = { held: false, kept: [], asked: 0, answered: 0, reports: [], findings: undefined, beside: false };
  const evaluations = new Set();
  spy.release = () => {
    spy.held = false;
    for (const deliver of spy.kept.splice(0)) deliver();
  };
  // On a busy computer everything may take too long for the near engine to be asked: here the clock stands still while
  // the page works, and the worker says that it was quick.
  const clock = performance.now.bind(performance);
  let time;
  performance.now = () => {
    if (time === undefined) setTimeout(() => (time = undefined));
    return (time ??= clock());
  };
  const Real = Worker;
  window.spy = spy;
  window.Worker = class extends Real {
    postMessage(message) {
      if (message.type === 'evaluate') {
        spy.asked = message.id;
        evaluations.add(message.id);
        spy.beside = message.beside;
      }
      super.postMessage(message);
    }

    addEventListener(type, listener) {
      if (type !== 'message') return super.addEventListener(type, listener);
      return super.addEventListener(type, (event) => {
        const { data } = event;
        if (data.type === 'report') {
          spy.answered = data.id;
          data.milliseconds = 0.1;
          spy.reports.push(data.report);
        }
        if (data.type === 'answer' && data.id === spy.asked) spy.findings = JSON.parse(data.value);
        if (spy.held && (data.type === 'report' || evaluations.has(data.id))) spy.kept.push(() => listener(event));
        else listener(event);
      });
    }
  };
}

async function opened(t, options = {}) {
  const tools = await open(t, { script: spyOnWorker, ...options });
  const { page } = tools;
  const assemble = createAssembler();
  let last;
  const settled = async () => {
    await page.evaluate(() => window.iamPlayground.getReport());
    await page.waitForFunction(() => window.spy.answered === window.spy.asked && window.spy.findings);
  };
  await page.waitForSelector('html[data-near=ready]');
  await page.waitForFunction(() => window.spy.beside);
  await settled();
  return {
    ...tools,
    settled,
    hold: () => page.evaluate(() => (window.spy.held = true)),
    release: async () => {
      await page.waitForFunction(() => window.spy.answered === window.spy.asked);
      await page.evaluate(() => window.spy.release());
    },
    /** The report of what stands on the page, as text; undefined while only the worker knows it. */
    nearReport: () =>
      page.evaluate(() =>
        Promise.race([
          window.iamPlayground.getReport().then((report) => JSON.stringify(report)),
          // It would have answered by now.
          new Promise((resolve) => setTimeout(resolve, 100)),
        ]),
      ),
    /** The worker's last report, as text. */
    workerReport: async () => {
      for (const report of await page.evaluate(() => window.spy.reports.splice(0))) {
        last = Array.isArray(report) ? assemble(report) : report;
      }
      return JSON.stringify(last);
    },
  };
}

test('its report is the worker’s, byte for byte: every example, edited, broken and mended', { timeout: 300_000 }, async (t) => {
  const { at, examples, hold, nearReport, page, pick, release, scenario, settled, workerReport } = await opened(t);
  const type = (key) => async () => {
    await page.locator('[data-testid=policy] .cm-content').first().focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press(key);
  };
  const edits = [
    ['a line', 'text', type('Enter')],
    ['broken JSON', 'text', type(',')],
    ['a word gone', 'text', type('Control+Shift+Backspace')],
    ['mended', 'text', type('Control+z')],
    ['half a character', 'request', () => at('resource').fill('arn:aws:s3:::photos/\ud83d')],
    ['another action', 'request', () => at('action').fill('iam:PassRole')],
  ];
  const near = [];
  for (const id of await examples()) {
    await pick(id);
    await settled();
    const { policies } = await scenario();
    const isManaged = policies.some((policy) => policy.managedPolicy !== undefined);
    for (const [name, what, edit] of edits) {
      if (what === 'text' && (isManaged || policies.length === 0)) continue;
      const found = await page.evaluate(() => window.spy.findings.length);
      await hold();
      await edit();
      const own = await nearReport();
      await release();
      await settled();
      if (own !== undefined) {
        assert.equal(own, await workerReport(), `${id}, ${name}`);
        near.push(id);
      }
      if (isManaged) assert.equal(own, undefined, `${id}, ${name}: AWS’s policies are known to the worker alone`);
      else if (what === 'request' || found === 0) assert.notEqual(own, undefined, `${id}, ${name}: by the near engine`);
    }
  }
  assert.ok(new Set(near).size > 30, `the near engine answers the examples: ${near.length} edits`);
});

test('the worker’s report confirms it: nothing is drawn again, and no older answer comes back', async (t) => {
  const { at, decides, hold, page, put, release, settled } = await opened(t);
  await put(smallScenario());
  await settled();
  await hold();
  for (const [resource, decision] of [
    ['arn:aws:s3:::elsewhere/x', 'implicitDeny'],
    ['arn:aws:s3:::photos/x', 'allowed'],
    ['arn:aws:s3:::elsewhere/y', 'implicitDeny'],
  ]) {
    await at('resource').fill(resource);
    await decides(decision);
  }
  // What is drawn once things are quiet: the time it took, the address, the fields' help.
  await page.waitForTimeout(1500);
  await page.evaluate(() => {
    window.changes = [];
    new MutationObserver((records) => window.changes.push(...records.map(({ target }) => target.outerHTML ?? target.data))).observe(document.body, {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  await release();
  await settled();
  await page.waitForTimeout(300);
  assert.deepEqual(await page.evaluate(() => window.changes), []);
  await decides('implicitDeny');
});

test('findings that need AWS’s data come after it, and stay while another text is edited', async (t) => {
  const { at, editor, hold, nearReport, page, put, release, settled } = await opened(t);
  const scenario = smallScenario();
  scenario.policies.push({ kind: 'identity', name: 'Other', document: scenario.policies[0].document });
  await put(scenario);
  await settled();
  const before = await at('diagnostics').locator('li').count();
  // An action that is none, in a text without findings: the decision first.
  await hold();
  await editor('Read').getByText('"s3:ListBucket"').click();
  await page.keyboard.type('x');
  assert.notEqual(await nearReport(), undefined);
  assert.equal(await at('diagnostics').locator('li').count(), before);
  await release();
  await page.waitForFunction((count) => document.querySelectorAll('[data-testid=diagnostics] li').length > count, before);
  await settled();
  const words = await at('diagnostics').innerText();
  // In the other text, and in the request: it stays where it is.
  await hold();
  await editor('Other').focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Space');
  assert.notEqual(await nearReport(), undefined);
  assert.equal(await at('diagnostics').innerText(), words);
  await release();
  await settled();
  assert.equal(await at('diagnostics').innerText(), words);
  // In its own text it would stand at the wrong place: the worker answers.
  await hold();
  await editor('Read').focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Enter');
  assert.equal(await nearReport(), undefined);
  await release();
  await settled();
  assert.notEqual(await at('diagnostics').innerText(), words);
});

test('a large scenario, and one that is slow to decide, are the worker’s alone', async (t) => {
  const { at, hold, nearReport, page, put, release, settled } = await opened(t);
  const large = smallScenario();
  large.description = 'x'.repeat(20_000);
  await put(large);
  await settled();
  await hold();
  await at('resource').fill('arn:aws:s3:::elsewhere/x');
  assert.equal(await nearReport(), undefined);
  await release();
  await put(smallScenario());
  await settled();
  await page.evaluate(() => {
    // The worker says that it took long.
    const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
    Object.defineProperty(MessageEvent.prototype, 'data', {
      get() {
        const data = get.call(this);
        if (data?.type === 'report') Object.defineProperty(data, 'milliseconds', { get: () => 3, set: () => {} });
        return data;
      },
    });
  });
  await at('resource').fill('arn:aws:s3:::elsewhere/y');
  await settled();
  await hold();
  await at('resource').fill('arn:aws:s3:::elsewhere/z');
  assert.equal(await nearReport(), undefined);
  await release();
});

test('one that traps is not asked again; the worker goes on', async (t) => {
  const { at, decides, hold, nearReport, page, put, release, settled } = await opened(t, { path: '?test-hooks' });
  await put(smallScenario());
  await settled();
  await page.evaluate(() => document.dispatchEvent(new CustomEvent('iam-test-trouble', { detail: 'crash' })));
  await at('resource').fill('arn:aws:s3:::elsewhere/x');
  await at('notice').getByText('The engine stopped (unreachable)').waitFor();
  await decides('implicitDeny');
  await settled();
  await hold();
  await at('resource').fill('arn:aws:s3:::photos/x');
  assert.equal(await nearReport(), undefined);
  await release();
  await decides('allowed');
});

test('a worker that fails where the near engine answered is told of; the answer stands', async (t) => {
  const { at, decides, page, put, settled } = await opened(t);
  await put(smallScenario());
  await settled();
  await page.evaluate(() => {
    // No answer of the worker arrives any more.
    window.spy.held = true;
  });
  await at('resource').fill('arn:aws:s3:::elsewhere/x');
  await decides('implicitDeny');
  await at('notice').getByText('no answer within 2 seconds').waitFor();
  assert.equal(await at('decision').getAttribute('data-stale'), 'false');
});
