// For everybody: by keyboard alone, on a small screen, with a screen reader, in light and dark.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');

before(start);
after(stop);

async function everyFinding(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`));
}

/** A scenario that shows everything there is: marks, a near miss, findings, missing keys, tests that fail. */
function fullScenario() {
  const scenario = smallScenario({
    description: 'Words, `code`, **bold**, [a link](https://example.org/).\n\n- a list',
    organization: { managementAccount: '999900001111' },
    tests: [
      { name: 'passes', request: { action: 's3:PutObject' }, expect: 'implicitDeny' },
      { name: 'fails', request: {}, expect: 'explicitDeny' },
    ],
  });
  scenario.request.context = { 'aws:SourceIp': '203.0.113.7', 'aws:TagKeys': ['a', 'b'], 'aws:UserAgent': null, 'aws:SecureTransport': 'true' };
  scenario.policies.push(
    {
      kind: 'identity',
      name: 'More',
      via: 'group Family',
      document: {
        Version: '2012-10-17',
        Statement: [
          { Sid: 'Near', Effect: 'Allow', Action: 's3:PutObject', Resource: '*' },
          { Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } },
        ],
      },
    },
    { kind: 'scp', name: 'Full', target: 'Root', document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } },
  );
  return scenario;
}

for (const [looks, context] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['forced colours', { forcedColors: 'active' }],
]) {
  test(`axe finds nothing in ${looks}, in any state of the page`, async (t) => {
    const { at, editor, page, pick, policy, put } = await open(t, { context });
    // What colours the system forces is not axe's to see.
    const findings = async (tab) => (await everyFinding(tab)).filter((one) => looks !== 'forced colours' || !one.startsWith('color-contrast'));
    assert.deepEqual(await findings(page), [], 'the first example, on a first visit');
    await at('gallery-open').click();
    await at('gallery').getByText('By what they teach').click();
    assert.deepEqual(await findings(page), [], 'the gallery');
    await page.keyboard.press('Escape');
    await at('copy-as').click();
    await at('copy-menu').waitFor();
    assert.deepEqual(await findings(page), [], 'the menu of copies');
    await page.keyboard.press('Escape');
    await put(fullScenario());
    await at('derived').locator('summary').click();
    await at('sweep').locator('.sweep-choice[data-decision]').first().waitFor();
    await at('flow').locator('[data-stage=scp]').click();
    await at('glossary').click();
    await at('glossary-entry').waitFor();
    await page.locator('.trace details:not([open]) > summary').evaluateAll((all) => all.forEach((one) => one.click()));
    assert.deepEqual(await findings(page), [], 'everything open');
    await pick('03-explicit-deny-wins');
    assert.deepEqual(await findings(page), [], 'explicit deny, with a toast');
    await put(smallScenario({ policies: [{ kind: 'identity', name: 'Broken', document: '{ "Version" }' }] }));
    assert.deepEqual(await findings(page), [], 'a broken policy');
    await editor('Broken').click();
    await page.keyboard.press('Control+f');
    await page.waitForSelector('.cm-search');
    assert.deepEqual(await findings(page), [], 'the search panel');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.cm-search', { state: 'detached' });
    await page.keyboard.press('Control+Shift+M');
    await page.waitForSelector('.cm-panel-lint');
    assert.deepEqual(await findings(page), [], 'the list of findings');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.cm-panel-lint', { state: 'detached' });
    await policy('Broken').locator('.cm-lint-marker-error').hover();
    await page.waitForSelector('.cm-tooltip .finding');
    assert.deepEqual(await findings(page), [], 'the hint of a finding');
    await page.mouse.move(0, 0);
    await put(smallScenario({ policies: [] }));
    assert.deepEqual(await findings(page), [], 'no policies');
    await at('action').fill('');
    await page.waitForSelector('.field .inline-finding');
    assert.deepEqual(await findings(page), [], 'a request that cannot be read');
    await at('help').click();
    assert.deepEqual(await findings(page), [], 'the help sheet');
  });
}

for (const width of [320, 360, 768, 1120]) {
  test(`at ${width} pixels nothing scrolls sideways`, async (t) => {
    const { examples, page, pick, put } = await open(t, { context: { viewport: { width, height: 640 } } });
    const ids = await examples();
    const check = async (what) => {
      const wide = await page.evaluate(() => {
        const { clientWidth } = document.documentElement;
        return document.documentElement.scrollWidth <= clientWidth
          ? []
          : [...document.querySelectorAll('body *')]
              .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
              .map((element) => element.className || element.tagName)
              .slice(0, 5);
      });
      assert.deepEqual(wide, [], what);
      const regions = await page.locator('.region').evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.id));
      assert.deepEqual(regions, [], what);
    };
    for (const id of [ids[0], ids.at(-1), ...ids.filter((id) => /guardrail|trust|cross/.test(id))]) {
      await pick(id);
      await check(id);
    }
    await put(fullScenario());
    await page.locator('details:not([open]) > summary').evaluateAll((all) => all.forEach((one) => one.click()));
    await check('everything open');
  });
}

test('at 200 % everything is there without scrolling sideways', async (t) => {
  // 200 % on a screen 1280 wide is a page 640 wide, with two pixels to each of its own.
  const { page, put } = await open(t, { context: { viewport: { width: 640, height: 512 }, deviceScaleFactor: 2 } });
  await put(fullScenario());
  const sideways = () =>
    page.evaluate(() => {
      const { clientWidth } = document.documentElement;
      const wide = [document.documentElement, ...document.querySelectorAll('.region, .page-header, .about')].filter((one) => one.scrollWidth > one.clientWidth + 1);
      const out = [...document.querySelectorAll('button, select, input:not([hidden]), h2, h3')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > clientWidth + 1);
      return [...wide, ...out].map((one) => one.id || one.className || one.tagName);
    });
  assert.deepEqual(await sideways(), []);
});

test('a screen reader is told the verdict, the stages and the statements', async (t) => {
  const { page, pick } = await open(t);
  await pick('03-explicit-deny-wins');
  const told = await page.locator('#outcome').ariaSnapshot();
  for (const words of [
    'region "Decision":',
    'paragraph: Denied',
    'paragraph: "explicit deny: a statement forbids it"',
    'code: NeverDeleteFromTheArchive',
    'region "AWS would answer":',
    'slider "Stage of the evaluation"',
    'group "The way of the request through the stages":',
    'button "Stage 1, Explicit deny in any policy: denies, decided here"',
    'button "Stage 2, Resource control policies: not applicable"',
    'listitem:',
    'paragraph: the scenario has no resource control policies',
    'button "matches Action s3:DeleteObject matches s3:DeleteObject"',
    'button "does not match s3:DeleteObjectVersion"',
  ]) {
    assert.ok(told.includes(words), `${words}\n${told}`);
  }
  const slider = page.getByRole('slider', { name: 'Stage of the evaluation' });
  await slider.press('Home');
  assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /Explicit deny in any policy/);
});

test('on a phone the verdict stays in sight while one types', async (t) => {
  const { at, page, put } = await open(t, { context: { viewport: { width: 360, height: 640 } } });
  await put(smallScenario());
  await at('policy').first().scrollIntoViewIfNeeded();
  const bar = page.locator('#verdict-bar');
  assert.equal(await bar.isVisible(), true);
  assert.match(await bar.innerText(), /Allowed/);
  await bar.click();
  await page.waitForFunction(() => document.querySelector('#decision').getBoundingClientRect().top < innerHeight);
  await bar.waitFor({ state: 'hidden' });
});

test('the whole way by keyboard: example, policy, request, decision, trace, removal and undo', async (t) => {
  const { at, decides, examples, page, scenario } = await open(t);
  const focused = () => page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.id);
  const isIn = (selector) => page.evaluate((wanted) => document.activeElement.closest(wanted) !== null, selector);
  /** Presses Tab until `there` holds: everything must be reachable that way. */
  const tabTo = async (what, there, key = 'Tab') => {
    for (let presses = 0; presses < 120; presses += 1) {
      if (await there()) return;
      await page.keyboard.press(key);
    }
    assert.fail(`${what} cannot be reached with ${key}`);
  };
  await examples();

  await tabTo('the examples picker', async () => (await focused()) === 'example-picker');
  await page.keyboard.type('A Deny');
  await decides('explicitDeny');

  await tabTo('an editor', () => isIn('.cm-content'));
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  assert.equal(await isIn('.cm-content'), true);
  await page.keyboard.press('Tab');
  assert.equal(await isIn('.cm-content'), false, 'Tab leaves the editor');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await isIn('.cm-content'), true, 'and comes back');

  await tabTo('the action', async () => (await focused()) === 'action');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('s3:GetObject');
  await decides('allowed');

  await tabTo('a splitter', () => isIn('[role=separator]'));
  const before = await page.evaluate(() => document.activeElement.getAttribute('aria-valuenow'));
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await page.evaluate(() => document.activeElement.getAttribute('aria-valuenow')), before);

  await tabTo('an entry of the trace', () => isIn('.trace-entry'));
  await page.keyboard.press('Enter');
  assert.ok((await page.locator('.iam-pointed').count()) > 0);
  assert.equal(await isIn('.trace-entry'), true, 'the focus stays');

  await tabTo('a remove button', async () => (await focused()) === 'remove-policy', 'Shift+Tab');
  const policies = (await scenario()).policies.length;
  await page.keyboard.press('Enter');
  assert.equal((await scenario()).policies.length, policies - 1);
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Undo/);
  await page.keyboard.press('Enter');
  assert.equal((await scenario()).policies.length, policies);
  assert.equal(await focused(), 'policy-name', 'the focus is at the policy that came back');

  await page.keyboard.press('Escape');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  assert.equal(await page.locator('#help').isVisible(), true);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#help').isVisible(), false);
  await page.keyboard.press('3');
  assert.equal(await focused(), 'outcome');
});

test('after a removal Escape in the message leads to the neighbour', async (t) => {
  const { page, policy, put } = await open(t);
  const scenario = smallScenario();
  scenario.policies.push({ kind: 'identity', name: 'Second', document: '{}' });
  await put(scenario);
  await policy('Read').getByTestId('remove-policy').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.value), 'Second');
});

test('single keys do nothing while one types, and can be switched off', async (t) => {
  const { at, page } = await open(t);
  await at('action').fill('');
  await at('action').pressSequentially('what?');
  assert.equal(await page.locator('#help').isVisible(), false);
  await at('help').click();
  await page.getByLabel('Single keys').uncheck();
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  assert.equal(await page.locator('#help').isVisible(), false);
});

test('the verdict is announced once things are quiet', async (t) => {
  const { at, page, put } = await open(t);
  await put(smallScenario());
  const live = page.locator('#verdict-live');
  assert.equal(await live.getAttribute('aria-live'), 'polite');
  await page.waitForFunction(() => document.querySelector('#verdict-live').textContent.startsWith('Allowed'));
  await at('action').pressSequentially('X');
  assert.match(await live.textContent(), /^Allowed/);
  await page.waitForFunction(() => document.querySelector('#verdict-live').textContent.startsWith('Implicit deny'));
});

test('the theme switch wins over the system and is remembered', async (t) => {
  const { at, page } = await open(t, { context: { colorScheme: 'light' } });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await at('theme').click();
  assert.equal(await at('theme').getAttribute('aria-label'), 'Theme: light');
  await at('theme').click();
  const dark = await paper();
  assert.notEqual(dark, light);
  await page.reload();
  await page.waitForSelector('html[data-ready=true]');
  assert.equal(await paper(), dark);
});

test('with forced colours every sign is still there', async (t) => {
  const { at, page, put } = await open(t, { context: { forcedColors: 'active' } });
  await put(fullScenario());
  assert.equal(await at('decision').isVisible(), true);
  assert.ok((await page.locator('.iam-gutter svg').count()) > 0);
});
