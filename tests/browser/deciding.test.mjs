// What the page is for: a request, a decision, why, and the lines that decided.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

test('the first example is decided when the page opens', async (t) => {
  const { at, page, report } = await open(t);
  const { decision, reason } = await report();
  assert.equal(await at('decision').getAttribute('data-decision'), decision);
  assert.equal(await at('decision').getAttribute('data-stale'), 'false');
  assert.equal(await at('reason').textContent(), reason.message.replaceAll('`', ''));
  assert.equal(await page.locator('.cm-line.iam-matched-allow').first().isVisible(), true);
  assert.match(await at('engine-version').innerText(), /\d/);
});

test('every example passes its own tests on the page', async (t) => {
  const { at, examples, pick, report, scenario } = await open(t);
  const ids = await examples();
  assert.ok(ids.length >= 12, `only ${ids.length} examples`);
  for (const id of ids) {
    await pick(id);
    const { tests } = await scenario();
    const got = await report();
    assert.ok(tests.length > 0, `${id} has no tests`);
    assert.deepEqual(
      got.tests.filter((one) => !one.pass).map((one) => `${one.name}: ${one.message}`),
      [],
      `${id} fails`,
    );
    const rows = at('test-row');
    assert.equal(await rows.count(), tests.length, id);
    assert.equal(await at('tests').locator('[data-pass=true]').count(), tests.length, id);
    assert.equal(await at('policy').count(), (await scenario()).policies.length, id);
    assert.equal(await at('decision').getAttribute('data-decision'), got.decision ?? 'none', id);
  }
});

test('changing the action turns the verdict, and the tests keep their meaning', async (t) => {
  const { at, decides, put, report } = await open(t);
  await put(
    smallScenario({
      tests: [
        { name: 'as it stands', request: {}, expect: 'allowed' },
        { name: 'another bucket', request: { resource: 'arn:aws:s3:::other/cat.jpg' }, expect: 'implicitDeny' },
      ],
    }),
  );
  await decides('allowed');
  await at('action').fill('s3:DeleteObject');
  await decides('implicitDeny');
  assert.match(await at('error-message').innerText(), /not authorized to perform: s3:DeleteObject/);
  assert.deepEqual((await report()).tests.map((one) => one.pass), [true, true]);
  await at('action').fill('s3:GetObject');
  await decides('allowed');
  assert.equal(await at('error-message').isVisible(), false);
});

test('every keystroke is decided', async (t) => {
  const { at, decides, put, report } = await open(t);
  await put(smallScenario());
  await at('resource').fill('arn:aws:s3:::phot');
  await at('resource').pressSequentially('os/dog.jpg');
  await decides('allowed');
  const { decision } = await report();
  assert.equal(decision, 'allowed');
  await at('resource').press('End');
  for (let left = 8; left > 0; left -= 1) await at('resource').press('Backspace');
  await decides('implicitDeny');
});

test('the stages stand in AWS’s order, in words, and one is decisive', async (t) => {
  const { at, put, report } = await open(t);
  await put(smallScenario());
  const { steps } = await report();
  const shown = await at('steps')
    .locator('li')
    .evaluateAll((items) => items.map((item) => ({ ...item.dataset, text: item.innerText })));
  assert.deepEqual(
    shown.map(({ stage, outcome, decisive }) => [stage, outcome, decisive]),
    steps.map(({ stage, outcome, decisive }) => [stage, outcome, String(decisive)]),
  );
  assert.equal(shown.length, 8);
  const words = { pass: /passes/, allow: /allows/, deny: /denies/, notApplicable: /not applicable/ };
  for (const item of shown) assert.match(item.text, words[item.outcome]);
  assert.equal(await at('steps').evaluate((list) => list.tagName), 'OL');
});

test('a click on an entry of the trace marks its lines', async (t) => {
  const { at, page, put } = await open(t);
  await put(smallScenario());
  const entry = at('trace').locator('[data-statement="Read#1"] summary').first();
  await entry.click();
  await page.mouse.move(0, 0);
  const marked = await page.locator('.iam-pointed').allInnerTexts();
  assert.match(marked.join('\n'), /"Sid": "Lists"/);
  assert.doesNotMatch(marked.join('\n'), /"Sid": "Objects"/);
  assert.equal(await page.locator('.iam-pointed').first().isVisible(), true);
});

test('pointing at an entry marks its text for as long as one points', async (t) => {
  const { at, page, put } = await open(t);
  await put(smallScenario());
  await at('trace').locator('[data-statement="Read#0"] [data-element=Resource] > .trace-entry').hover();
  await page.waitForSelector('.iam-pointed');
  assert.match((await page.locator('.iam-pointed').allInnerTexts()).join(''), /"Resource"/);
  await page.mouse.move(0, 0);
  await page.waitForSelector('.iam-pointed', { state: 'detached' });
});

test('the cursor in a text marks the entry of the trace', async (t) => {
  const { at, page, put, putCursor } = await open(t);
  await put(smallScenario());
  await putCursor('Read', 'Lists');
  const current = at('trace').locator('.trace-statement.is-current');
  await current.waitFor();
  assert.equal(await current.getAttribute('data-statement'), 'Read#1');
  await putCursor('Read', 's3:GetObject');
  await page.waitForSelector('[data-statement="Read#0"].is-current');
  assert.match(await at('trace').locator('[aria-current=true]').innerText(), /s3:GetObject/);
});

test('pointing at a text marks the entry of the trace, and scrolls nothing', async (t) => {
  const { at, editor, page, put } = await open(t);
  await put(smallScenario());
  await editor('Read').getByText('s3:ListBucket').hover();
  await page.waitForSelector('[data-statement="Read#1"].is-current');
  assert.match(await at('trace').locator('[aria-current=true]').innerText(), /Lists/);
  assert.equal(await page.locator('#outcome').evaluate((region) => region.scrollTop), 0);
  await editor('Read').getByText('arn:aws:s3:::photos/*').hover();
  await page.waitForSelector('[data-statement="Read#0"].is-current');
  await page.mouse.move(0, 0);
  await page.waitForSelector('.trace-statement.is-current', { state: 'detached' });
});

test('an entry still points at its text after the text has moved, and is not drawn anew for that', async (t) => {
  const { at, page, put, putCursor, report } = await open(t);
  await put(smallScenario());
  await page.evaluate(() => (document.querySelector('[data-statement="Read#1"]').id = 'kept'));
  await putCursor('Read', '2012-10-17');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await report();
  assert.equal(await page.locator('#kept').count(), 1);
  await at('trace').locator('[data-statement="Read#1"] summary').first().hover();
  const marked = (await page.locator('.iam-pointed').allInnerTexts()).join('');
  assert.match(marked, /^\{.*"Sid": "Lists".*\}$/s);
  assert.doesNotMatch(marked, /Objects/);
});

test('why not: what each Allow statement for the action lacked, the closest first', async (t) => {
  const { at, decides, page, put, report } = await open(t);
  const scenario = smallScenario();
  scenario.policies.push({
    kind: 'identity',
    name: 'Far',
    document: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::x/*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
      ],
    },
  });
  scenario.request.resource = 'arn:aws:s3:::elsewhere/cat.jpg';
  await put(scenario);
  await decides('implicitDeny');
  const items = at('why-not').locator('[data-statement]');
  assert.deepEqual(await items.evaluateAll((all) => all.map((item) => item.dataset.statement)), ['Read#0', 'Far#0', 'Far#1']);
  assert.match(await items.first().innerText(), /only Resource fails/);
  const { policies } = await report();
  const lacked = policies[1].statements[0].elements.filter((element) => !element.matches);
  assert.equal(lacked.length, 2);
  const words = (await items.nth(1).innerText()).replaceAll('\n', ' ');
  assert.ok(words.includes(lacked[0].message.replaceAll('`', '')), words);
  assert.ok(words.includes(lacked[1].conditions[0].message.replaceAll('`', '')), words);
  await items.first().getByRole('button').hover();
  await page.waitForSelector('[data-name=Read] .iam-pointed');
  assert.match((await page.locator('.iam-pointed').allInnerTexts()).join(''), /"Resource"/);
  await at('resource').fill('arn:aws:s3:::photos/cat.jpg');
  await decides('allowed');
  assert.equal(await page.locator('#why-not-section').isVisible(), false);
});

test('a statement that denies and a near miss carry their own marks and words', async (t) => {
  const { at, page, put } = await open(t);
  const scenario = smallScenario();
  scenario.policies.push({
    kind: 'identity',
    name: 'Never',
    document: {
      Version: '2012-10-17',
      Statement: [{ Sid: 'No', Effect: 'Deny', Action: 's3:Get*', Resource: '*' }],
    },
  });
  await put(scenario);
  assert.equal(await at('decision').getAttribute('data-decision'), 'explicitDeny');
  assert.ok((await page.locator('[data-name=Never] .iam-matched-deny').count()) > 0);
  assert.ok((await page.locator('[data-name=Read] .iam-matched-allow').count()) > 0);
  assert.match(await page.locator('[data-name=Never] .policy-status').innerText(), /Deny/);

  await at('resource').fill('arn:aws:s3:::elsewhere/cat.jpg');
  await page.waitForSelector('[data-name=Read] .iam-near-miss');
  await page.waitForSelector('[data-name=Read] .iam-near-miss-element');
  const title = await page.locator('[data-name=Read] .iam-gutter [aria-label]').first().getAttribute('aria-label');
  assert.match(title, /Objects near miss, only Resource fails/);
});

test('a missing context key can be added, filled, made absent and removed', async (t) => {
  const { at, decides, page, put, scenario } = await open(t);
  await put(
    smallScenario({
      policies: [
        {
          kind: 'identity',
          name: 'Mfa',
          document: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: '*',
                Resource: '*',
                Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
              },
            ],
          },
        },
      ],
    }),
  );
  await decides('implicitDeny');
  await at('missing-context').getByRole('button', { name: 'Add aws:MultiFactorAuthPresent' }).click();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), 'context-value');
  await page.keyboard.type('true');
  await decides('allowed');
  assert.equal((await scenario()).request.context['aws:MultiFactorAuthPresent'], 'true');
  await at('context').getByRole('switch').click();
  await decides('implicitDeny');
  await at('context').getByRole('switch').click();
  await decides('allowed');
  await at('context-absent').click();
  await decides('implicitDeny');
  assert.equal((await scenario()).request.context['aws:MultiFactorAuthPresent'], null);
  await at('context-absent').click();
  await decides('allowed');
  await at('context-remove').click();
  await decides('implicitDeny');
  assert.equal((await scenario()).request.context, undefined);
  await at('toast').getByText('Undo').click();
  await decides('allowed');
  assert.equal(await at('context-value').inputValue(), 'true');
});

test('a key takes a list of values', async (t) => {
  const { at, page, put, scenario } = await open(t);
  await put(smallScenario());
  await at('add-context').click();
  await page.keyboard.type('aws:TagKeys');
  await at('context-list').click();
  await page.keyboard.type('team');
  await page.keyboard.press('Enter');
  await page.keyboard.type('cost,');
  assert.deepEqual((await scenario()).request.context, { 'aws:TagKeys': ['team', 'cost'] });
  await page.keyboard.press('Backspace');
  assert.deepEqual((await scenario()).request.context, { 'aws:TagKeys': ['team'] });
});

test('what the engine filled in is shown and can be overridden', async (t) => {
  const { at, put, report, scenario } = await open(t);
  await put(smallScenario());
  await at('derived').locator('summary').click();
  const row = at('derived').locator('.derived-row').filter({ hasText: 'aws:username' });
  assert.match(await row.innerText(), /alice/);
  await row.getByRole('button', { name: 'change aws:username' }).click();
  await at('context-value').fill('mallory');
  assert.deepEqual((await scenario()).request.context, { 'aws:username': 'mallory' });
  const entry = (await report()).context.find((one) => one.key === 'aws:username');
  assert.deepEqual([entry.values, entry.source], [['mallory'], 'given']);
});

test('the request becomes a test, a test the request, and both can be undone', async (t) => {
  const { at, decides, page, put, report, scenario } = await open(t);
  await put(smallScenario());
  await at('add-test').click();
  await at('test-row').waitFor();
  await at('resource').fill('arn:aws:s3:::elsewhere/x');
  await decides('implicitDeny');
  assert.equal(await at('test-row').getAttribute('data-pass'), 'true');
  await at('test-load').click();
  await decides('allowed');
  assert.equal(await at('resource').inputValue(), 'arn:aws:s3:::photos/cat.jpg');
  await at('toast').getByText('Undo').click();
  await decides('implicitDeny');
  await at('test-expect').selectOption('explicitDeny');
  await page.waitForSelector('[data-testid=test-row][data-pass=false]');
  assert.equal((await report()).tests[0].pass, false);
  await at('test-remove').click();
  assert.equal((await scenario()).tests, undefined);
  await at('toast').getByText('Undo').click();
  assert.equal((await scenario()).tests.length, 1);
});

test('a principal may be the policy language’s own object', async (t) => {
  const { at, put, scenario } = await open(t);
  await put(smallScenario());
  await at('principal').fill('{"Service": "ec2.amazonaws.com"}');
  assert.deepEqual((await scenario()).request.principal, { Service: 'ec2.amazonaws.com' });
});

test('a request that cannot be read says so at its field', async (t) => {
  const { at, decides, page, put } = await open(t);
  await put(smallScenario());
  await at('action').fill('');
  await decides('none');
  assert.equal(await at('action').getAttribute('aria-invalid'), 'true');
  const message = await page.locator('.field').filter({ has: at('action') }).locator('.inline-finding').innerText();
  assert.ok(message.length > 10);
  await at('action').fill('s3:GetObject');
  await decides('allowed');
  assert.equal(await at('action').getAttribute('aria-invalid'), null);
});
