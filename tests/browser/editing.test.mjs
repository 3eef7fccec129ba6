// Policies come, go and are broken on the way; nothing typed is lost.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

test('what is typed over a selection takes its place, can be undone, and breaks no rule of the page', async (t) => {
  const { editor, page, put } = await open(t);
  await put(smallScenario());
  const before = await editor('Read').innerText();
  await editor('Read').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('{"a":1}');
  assert.equal(await editor('Read').innerText(), '{"a":1}');
  await page.keyboard.press('Control+z');
  assert.equal(await editor('Read').innerText(), before);
});

test('broken JSON keeps the last answer, marked stale, and says line and column; mended, it is fresh', async (t) => {
  const { at, decides, editor, page, put, putCursor, report, scenario } = await open(t);
  await put(smallScenario());
  await decides('allowed');
  await putCursor('Read', '"2012-10-17"');
  await page.keyboard.press('Delete');
  await page.waitForSelector('[data-testid=decision][data-stale=true]');
  assert.equal(await at('decision').getAttribute('data-decision'), 'allowed');
  assert.ok((await at('steps').locator('li').count()) === 8, 'the stages stay');

  const { decision, diagnostics } = await report();
  assert.equal(decision, null);
  const error = diagnostics.find((one) => one.severity === 'error');
  const shown = await at('diagnostics').innerText();
  assert.match(shown, new RegExp(`Read, line ${error.start.line}, column ${error.start.column}`));
  await page.waitForSelector('[data-name=Read] .cm-lint-marker-error');
  await page.waitForSelector('[data-name=Read] :is(.cm-lintRange-error, .cm-lintPoint-error)', { state: 'attached' });
  assert.match((await scenario()).policies[0].document, /"2012-10-17"\n/, 'the text stays as typed');

  await editor('Read').focus();
  await page.keyboard.type(',');
  await decides('allowed');
  assert.equal(await at('diagnostics').isVisible(), false);
});

test('a broken policy leaves the other’s trace and marks alone', async (t) => {
  const { page, put } = await open(t);
  const scenario = smallScenario();
  scenario.policies.push({ kind: 'identity', name: 'Broken', document: '{ "Version": ' });
  await put(scenario);
  await page.waitForSelector('[data-testid=decision][data-decision=none]');
  assert.ok((await page.locator('[data-name=Read] .iam-matched-allow').count()) > 0);
  assert.equal(await page.locator('[data-statement="Read#0"]').getAttribute('data-matches'), 'true');
});

test('behind a policy of a kind that does not exist, findings still stand at their own policy', async (t) => {
  const { at, page, put } = await open(t);
  const scenario = smallScenario();
  scenario.policies.unshift({ kind: 'identitty', name: 'Odd', document: '{}' });
  scenario.policies.push({ kind: 'identity', name: 'Broken', document: '{ "Version": ' });
  await put(scenario);
  await page.waitForSelector('[data-name=Broken] .cm-lint-marker-error');
  assert.equal(await page.locator('[data-name=Odd] .cm-lint-marker-error').count(), 0);
  assert.equal(await page.locator('[data-name=Read] .cm-lint-marker-error').count(), 0);
  await at('diagnostics').getByRole('button', { name: /Broken, line/ }).first().click();
  assert.equal(await page.evaluate(() => document.activeElement.closest('[data-testid=policy]').dataset.name), 'Broken');
});

test('an error in the list leads to its place in the text', async (t) => {
  const { at, page, put } = await open(t);
  const scenario = smallScenario();
  scenario.policies[0].document = '{\n  "Version": "2012-10-17"\n  "Statement": []\n}';
  await put(scenario);
  await at('diagnostics').getByRole('button', { name: /line/ }).first().click();
  assert.equal(await page.evaluate(() => document.activeElement.closest('[data-testid=policy]').dataset.name), 'Read');
});

test('a finding that has a fix is mended by its button', async (t) => {
  const { at, page, put, report, scenario } = await open(t);
  const text = '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "allow", "Actions": "s3:GetObject", "Resource": "*" }]\n}';
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'Slip', document: text }] }));
  const fixable = (await report()).diagnostics.filter((one) => one.fix);
  assert.ok(fixable.length > 0, 'the engine offers a fix');
  await at('fix').first().click();
  await page.waitForFunction((old) => window.iamPlayground.getScenario().policies[0].document !== old, text);
  assert.ok((await report()).diagnostics.filter((one) => one.fix).length < fixable.length);
  assert.notEqual((await scenario()).policies[0].document, text);
});

test('a policy of every kind can be added, with a document that is decided', async (t) => {
  const { at, page, put, report, scenario } = await open(t);
  await put(smallScenario({ policies: [] }));
  assert.equal(await at('no-policies').isVisible(), true);
  const offered = await at('add-policy-kind')
    .locator('option')
    .evaluateAll((options) => options.map((option) => option.value));
  // An AWS managed policy is an identity policy that someone else wrote; it is picked from a list.
  const kinds = offered.filter((value) => value !== 'managed');
  assert.equal(kinds.length, 7);
  for (const kind of kinds) {
    await at('add-policy-kind').selectOption(kind);
    await at('add-policy').click();
    await page.waitForSelector(`[data-testid=policy][data-kind=${kind}]`);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), 'policy-name');
  }
  assert.deepEqual((await scenario()).policies.map((policy) => policy.kind), kinds);
  const { decision, diagnostics, policies } = await report();
  assert.notEqual(decision, null);
  assert.deepEqual(diagnostics.filter((one) => one.severity === 'error'), []);
  assert.ok(policies.every((policy) => policy.valid));
});

test('renaming a policy keeps the focus and renames it everywhere', async (t) => {
  const { page, policy, put } = await open(t);
  await put(smallScenario());
  await policy('Read').getByTestId('policy-name').click();
  await page.keyboard.press('End');
  await page.keyboard.type('Photos');
  await page.waitForSelector('[data-statement="ReadPhotos#0"]');
  assert.equal(await page.evaluate(() => document.activeElement.value), 'ReadPhotos');
  await policy('ReadPhotos').getByTestId('policy-via').fill('group Family');
  await page.waitForFunction(() => document.querySelector('[data-testid=trace]').innerText.includes('via group Family'));
});

test('the level of an SCP and the organization reach the scenario', async (t) => {
  const { at, policy, put, scenario } = await open(t);
  await put(smallScenario());
  await at('add-policy-kind').selectOption('scp');
  await at('add-policy').click();
  await policy('FullAWSAccess').getByTestId('policy-target').fill('Workloads');
  await at('organization').getByLabel('Management account').fill('999900001111');
  await at('organization').getByLabel('Levels').fill('Root, Workloads');
  const { policies, organization } = await scenario();
  assert.equal(policies.find((one) => one.kind === 'scp').target, 'Workloads');
  assert.deepEqual(organization, { managementAccount: '999900001111', scpLevels: ['Root', 'Workloads'] });
});

test('a removed policy comes back with its text, its place and its editor’s history', async (t) => {
  const { at, decides, editor, page, policy, put, scenario } = await open(t);
  const base = smallScenario();
  base.policies.push({
    kind: 'identity',
    name: 'Second',
    document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } },
  });
  await put(base);
  await editor('Read').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\n\n');
  const before = (await scenario()).policies;
  await policy('Read').getByTestId('remove-policy').click();
  await decides('implicitDeny');
  assert.equal(await at('policy').count(), 1);
  await at('toast').getByText('Undo').click();
  await decides('allowed');
  assert.deepEqual((await scenario()).policies, before);
  await editor('Read').focus();
  await page.keyboard.press('Control+z');
  assert.notEqual((await scenario()).policies[0].document, before[0].document);
});

test('picking an example over one’s own work can be undone', async (t) => {
  const { at, pick, put, scenario } = await open(t);
  await put(smallScenario());
  await at('resource').fill('arn:aws:s3:::mine/x');
  const mine = await scenario();
  await pick('03-explicit-deny-wins');
  assert.notDeepEqual(await scenario(), mine);
  await at('toast').getByText('Undo').click();
  assert.deepEqual(await scenario(), mine);
});

test('formatting changes white space only', async (t) => {
  const { page, policy, put, scenario } = await open(t);
  const text = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:*","\\u0073qs:*"],"Resource":"*","Sid":""}}';
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'Tight', document: text }] }));
  await policy('Tight').getByTestId('format').click();
  await page.waitForFunction((before) => window.iamPlayground.getScenario().policies[0].document !== before, text);
  const { document } = (await scenario()).policies[0];
  assert.equal(document.replace(/\s/g, ''), text);
  assert.equal(document, JSON.stringify(JSON.parse(text), null, 2).replace('"sqs:*"', '"\\u0073qs:*"'));
});

test('text that is not JSON is not formatted, and says so', async (t) => {
  const { at, policy, put, scenario } = await open(t);
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'Odd', document: '{ oops' }] }));
  await policy('Odd').getByTestId('format').click();
  assert.match(await at('toast').innerText(), /not JSON/);
  assert.equal((await scenario()).policies[0].document, '{ oops');
});

test('text is kept to the letter: duplicate keys, odd spaces, long numbers', async (t) => {
  const { put, scenario } = await open(t);
  const text = '{ "Version":"2012-10-17",\n\t"Version" : "2012-10-17", "Statement": [], "n": 1e400, "é😀": "\u2028" }';
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'Odd', document: text }] }));
  assert.equal((await scenario()).policies[0].document, text);
});

test('positions hold behind characters of more than one unit and behind CRLF', async (t) => {
  const { at, page, put } = await open(t);
  const text =
    '{ "Version": "2012-10-17",\r\n "Statement": [\r\n  { "Sid": "A", "Effect": "Allow", "Action": "sqs:*", "Resource": ["arn:aws:sqs:*:*:é😀😀", "*"] },\r\n' +
    '  { "Sid": "B", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::photos/*" } ] }';
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'Wide', document: text }] }));
  await at('trace').locator('[data-statement="Wide#1"] [data-element=Resource] .trace-values .trace-entry').click();
  assert.deepEqual(await page.locator('.iam-pointed').allInnerTexts(), ['"arn:aws:s3:::photos/*"']);
});

test('a scenario takes a title, which the page and the link carry', async (t) => {
  const { at, page, put, scenario } = await open(t);
  await put(smallScenario());
  await at('title').fill('Photos <b>of</b> the cat');
  assert.equal((await scenario()).title, 'Photos <b>of</b> the cat');
  assert.match(await page.title(), /^Photos <b>of<\/b> the cat/);
  await page.waitForTimeout(500);
  await page.reload();
  await page.waitForSelector('html[data-ready=true]');
  assert.equal(await at('title').inputValue(), 'Photos <b>of</b> the cat');
});

test('a key that changes nothing but the text draws nothing anew, and what was found moves with the text', async (t) => {
  const { at, editor, page, put, putCursor, report } = await open(t);
  const one = smallScenario();
  one.policies[0].document.Statement[0].Action = ['s3:GetObjekt', 's3:*'];
  one.policies.push({ kind: 'identity', name: 'Near', document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::other/*' } } });
  one.tests = [{ name: 'this', expect: 'allowed' }];
  await put(one);
  // With AWS's data there are findings that know actions.
  await at('diagnostics').locator('[data-code=unknown-action]').waitFor();
  await page.waitForTimeout(800);
  await editor('Read').focus();
  await putCursor('Read', '"2012-10-17"');
  await page.keyboard.press('End');
  await page.waitForTimeout(300);
  const watched = () =>
    page.evaluate(() => {
      window.drawn = [];
      new MutationObserver((records) => {
        for (const { target, type } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          if (type !== 'attributes' && !element.closest('.cm-content, #timing')) window.drawn.push(element.outerHTML.slice(0, 200));
        }
      }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true });
    });
  await watched();
  for (const key of ['Space', 'Space']) {
    await page.keyboard.press(key);
    await report();
  }
  await page.waitForTimeout(300);
  assert.deepEqual(await page.evaluate(() => window.drawn), []);

  // A line more: every place is told anew, and leads there; the mend still mends the right place.
  const unknown = at('diagnostics').locator('[data-code=unknown-action]');
  const lineOf = async () => Number(/line (\d+)/.exec(await unknown.innerText())[1]);
  const before = await lineOf();
  await page.keyboard.press('Enter');
  await report();
  await page.waitForFunction((line) => document.querySelector('[data-code=unknown-action]')?.textContent.includes(`line ${line},`), before + 1);
  await at('why-not').waitFor({ state: 'hidden' });
  await at('steps').locator('[data-stage=identity] .statement-link').first().hover();
  assert.match((await page.locator('.iam-pointed').allInnerTexts()).join(' '), /GetObjekt/);
  await unknown.getByTestId('fix').click();
  await page.waitForFunction(() => window.iamPlayground.getScenario().policies[0].document.includes('"s3:GetObject"'));
  await unknown.waitFor({ state: 'detached' });
});

test('a mend from the list of an editor’s findings mends where the finding is now', async (t) => {
  const { editor, page, put, putCursor, report } = await open(t);
  const one = smallScenario();
  one.policies[0].document.Statement[0].Effect = 'allow';
  await put(one);
  await editor('Read').focus();
  await putCursor('Read', '"2012-10-17"');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await report();
  await page.keyboard.press('Control+Shift+M');
  await page.locator('.cm-panel-lint .cm-diagnosticAction').first().click();
  await page.waitForFunction(() => window.iamPlayground.getScenario().policies[0].document.includes('"Effect": "Allow",\n      "Action": "s3:GetObject"'));
});
