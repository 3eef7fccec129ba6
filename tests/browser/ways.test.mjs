// Finding one's way: many policies, small windows, nothing cut off, and nothing that jumps.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const BUCKET = 'artifacts-production';

/** Ten policies, over two accounts. */
function many() {
  const document = (...statements) => ({ Version: '2012-10-17', Statement: statements });
  const allow = { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: '*' };
  return {
    title: 'many policies',
    request: {
      principal: 'arn:aws:sts::111122223333:assumed-role/BuildRunner-eu-central-1/i-0abc',
      action: 's3:GetObject',
      resource: `arn:aws:s3:::${BUCKET}/releases/app.tar.gz`,
      resourceAccount: '444455556666',
      context: { 'aws:MultiFactorAuthPresent': 'false' },
    },
    policies: [
      { kind: 'identity', name: 'BuildRunnerArtifacts', document: document(allow, { ...allow, Sid: 'Named' }) },
      ...['A', 'B', 'C', 'D', 'E'].map((name) => ({ kind: 'identity', name, document: document(allow) })),
      {
        kind: 'resource',
        name: BUCKET,
        document: document({
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:role/BuildRunner-eu-central-1' },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${BUCKET}/*`,
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
        }),
      },
      { kind: 'permissionsBoundary', name: 'Boundary', document: document(allow) },
      { kind: 'scp', target: 'Root', name: 'FullAWSAccess', document: document({ Effect: 'Allow', Action: '*', Resource: '*' }) },
      { kind: 'rcp', target: 'Root', name: 'RCPFullAWSAccess', document: document({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }) },
    ],
  };
}

const inWindow = (locator) =>
  locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });

for (const [width, height] of [
  [1440, 900],
  [1120, 700],
]) {
  test(`side by side, only the regions scroll, not the page around them: ${width} px`, async (t) => {
    const { page, put } = await open(t, { context: { viewport: { width, height } } });
    await put(many());
    const high = await page.evaluate(() => document.documentElement.scrollHeight);
    assert.equal(high, height);
  });
}

test('on a phone one tap leads to the request and back, and the address stays the scenario’s link', async (t) => {
  const { page, at, put } = await open(t, { context: PHONE });
  await put(many());
  const address = page.url();
  await at('jump-policies-request').click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'request');
  assert.ok(await inWindow(at('principal')));
  await at('jump-request-policies').click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'policies');
  assert.ok(await inWindow(at('add-policy')));
  await page.locator('#verdict-bar').click();
  await at('jump-outcome-request').click();
  assert.ok(await inWindow(at('principal')));
  assert.equal(page.url(), address);
});

test('with the regions side by side nothing offers to jump', async (t) => {
  const { at } = await open(t);
  for (const jump of ['policies-request', 'request-policies', 'outcome-request']) assert.ok(!(await at(`jump-${jump}`).isVisible()));
});

test('many policies are folded and unfolded at once, by key too, and the button says which', async (t) => {
  const { page, at, put, editor } = await open(t, { context: PHONE });
  assert.ok(!(await at('fold-all').isVisible()), 'one policy needs no such button');
  await put(many());
  const fold = at('fold-all');
  assert.equal(await fold.textContent(), 'Fold all');
  await fold.focus();
  await page.keyboard.press('Enter');
  assert.equal(await fold.textContent(), 'Unfold all');
  assert.equal(await page.locator('.policy .cm-content:visible').count(), 0);
  const request = await page.locator('#request').evaluate((element) => element.getBoundingClientRect().top + scrollY);
  assert.ok(request < 2000, `the request is near: ${request}`);
  await page.keyboard.press('Enter');
  assert.equal(await fold.textContent(), 'Fold all');
  assert.ok(await editor('BuildRunnerArtifacts').isVisible());
  // One that is opened by itself can be folded with all the others again.
  await fold.click();
  await page.locator('[data-testid=policy][data-name=A] .fold').click();
  assert.equal(await fold.textContent(), 'Fold all');
});

test('a near miss shows on a folded policy', async (t) => {
  const { at, page, put } = await open(t);
  const [policy] = smallScenario().policies;
  policy.document.Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::elsewhere/*' }];
  await put(smallScenario({ policies: [policy] }));
  assert.equal(await page.locator('.policy-status').innerText(), '', 'in an open one the text shows it');
  await page.locator('.fold').click();
  assert.equal(await page.locator('.policy-status').innerText(), 'near miss');
  await at('resource').fill('arn:aws:s3:::elsewhere/one');
  await page.locator('.policy-status', { hasText: 'Allow' }).waitFor();
  assert.equal(await page.locator('.policy-status').innerText(), 'Allow');
});

test('what an action does is told in the open list as soon as it is known', async (t) => {
  const { at, context, page, put } = await open(t);
  await put(smallScenario());
  /** @type {() => void} */
  let release = () => {};
  const held = new Promise((resolve) => (release = resolve));
  await context.route(/descriptions-/, async (route) => {
    await held;
    await route.continue();
  });
  await at('action').fill('s3:GetObjectA');
  await page.locator('.combobox-label', { hasText: 's3:GetObjectAcl' }).waitFor();
  await page.keyboard.press('ArrowDown');
  const chosen = page.locator('.combobox-list [aria-selected=true]');
  await chosen.waitFor();
  const name = await chosen.locator('.combobox-label').innerText();
  assert.equal(await page.locator('.combobox-info').count(), 0);
  release();
  await page.locator('.combobox-info').first().waitFor();
  assert.equal(await chosen.locator('.combobox-label').innerText(), name);
});

test('what a reader points at in the trace unfolds its policy', async (t) => {
  const { at, put, editor } = await open(t);
  await put(many());
  await at('fold-all').click();
  await at('why-not').locator('.why-not-lack').first().click();
  assert.ok(await editor(BUCKET).isVisible());
  assert.equal(await at('fold-all').textContent(), 'Fold all');
});

for (const width of [360, 768]) test(`the names of policies and keys are read whole in a narrow window: ${width} px`, async (t) => {
  const { page, put } = await open(t, { context: { ...PHONE, viewport: { width, height: 740 } } });
  await put(many());
  const cut = await page.locator('.policy-name, .context-key').evaluateAll((fields) =>
    fields.filter((field) => field.scrollWidth > field.clientWidth).map((field) => field.value),
  );
  assert.deepEqual(cut, []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(wide, width);
});

test('the fields below the action stay where they are while it is typed', async (t) => {
  const { page, at, put } = await open(t);
  await put(smallScenario());
  const account = page.getByLabel('Resource’s account');
  const top = () => account.evaluate((element) => Math.round(element.getBoundingClientRect().top));
  await page.getByText('What s3:GetObject works on').waitFor();
  // The descriptions are fetched once somebody looks for an action.
  await at('action').press('End');
  await page.locator('.field-extra', { hasText: 'Grants permission to retrieve objects' }).waitFor();
  const before = await top();
  await at('action').press('Backspace');
  await page.getByText('What s3:GetObject works on').waitFor({ state: 'detached' });
  assert.equal(await top(), before);
  await at('action').press('t');
  await page.getByText('What s3:GetObject works on').waitFor();
  assert.equal(await top(), before);
});

for (const width of [320, 360, 385, 420, 900, 1440]) {
  test(`titles of stages fit into their boxes, with one account and with two: ${width} px`, async (t) => {
    const { page, put } = await open(t, { context: { viewport: { width, height: 900 } } });
    for (const scenario of [many(), smallScenario()]) {
      await put(scenario);
      const outside = await page.locator('.flow-node').evaluateAll((nodes) =>
        nodes.flatMap((node) => {
          const box = node.querySelector('.flow-box').getBoundingClientRect();
          return [...node.querySelectorAll('.flow-label')].filter((label) => {
            const { left, right } = label.getBoundingClientRect();
            return left < box.left + 2 || right > box.right - 2;
          }).map((label) => label.textContent);
        }),
      );
      assert.deepEqual(outside, []);
    }
  });
}

test('at the result the drawing tells what decided, and walking keeps it in its place', async (t) => {
  const { page, at, put } = await open(t);
  await put(many());
  const card = at('flow-stage');
  assert.equal(await card.getAttribute('data-stage'), 'result');
  assert.match(await card.textContent(), /Bucket policy.*decided here.*no statement of the bucket policy allows/s);
  const top = () => page.locator('.flow-drawing').evaluate((drawing) => Math.round(drawing.getBoundingClientRect().top));
  await at('flow-slider').focus();
  const before = await top();
  for (let step = 0; step < 8; step += 1) {
    await page.keyboard.press('ArrowLeft');
    assert.equal(await top(), before);
  }
});

test('an empty request is one finding, with a way to each field', async (t) => {
  const { page, at } = await open(t);
  await at('new').click();
  const finding = at('diagnostics').locator('li');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=diagnostics] li').length === 1);
  assert.deepEqual(await finding.getByRole('button').allTextContents(), ['its principal', 'its action', 'its resource']);
  await finding.getByRole('button', { name: 'its action' }).click();
  assert.ok(await at('action').evaluate((field) => field === document.activeElement));
  await page.keyboard.type('s3:GetObject');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=diagnostics] li button').length === 2);
});

test('a statement without a Sid says which one it is to a person, beside the number of its id', async (t) => {
  const { at, put } = await open(t);
  await put(many());
  const name = (id) => at('trace').locator(`[data-statement="${id}"] .trace-statement-name`).textContent();
  assert.equal(await name('BuildRunnerArtifacts#0'), 'Statement #0 the 1st');
  assert.equal(await name('BuildRunnerArtifacts#1'), 'Named');
});

/** What of an element something else lies over, as the share of fifteen points in it. */
const covered = (locator) =>
  locator.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const points = [0.02, 0.25, 0.5, 0.75, 0.98].flatMap((x) => [0.05, 0.5, 0.95].map((y) => [left + x * width, top + y * height]));
    return points.filter(([x, y]) => !element.contains(document.elementFromPoint(x, y))).length / points.length;
  });

for (const width of [1440, 900]) {
  test(`lists and cards of the editor and of the request lie above the neighbouring regions: ${width} px`, async (t) => {
    const { page, at, put, putCursor } = await open(t, { context: { viewport: { width, height: 900 } } });
    await put(many());
    // With the focus in the request, whose region then lies above the others.
    await at('principal').focus();
    const hit = page.locator('[data-name=BuildRunnerArtifacts] .iam-hit').first();
    await hit.hover();
    const { x, y, height } = await hit.boundingBox();
    await page.mouse.move(x + 30, y + height / 2, { steps: 4 });
    await page.locator('.cm-tooltip .hover-card').waitFor();
    assert.equal(await covered(page.locator('.cm-tooltip')), 0);
    await page.mouse.move(2, 2);
    await putCursor('BuildRunnerArtifacts', 's3:GetObj');
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-completionInfo').waitFor();
    assert.equal(await covered(page.locator('.cm-tooltip-autocomplete > ul')), 0);
    assert.equal(await covered(page.locator('.cm-completionInfo')), 0, 'what is told of an action stands beside the list');
    await page.keyboard.press('Escape');
    await at('action').press('End');
    await at('action').press('Backspace');
    await page.locator('.combobox-list:visible').waitFor();
    assert.equal(await covered(page.locator('.combobox-list:visible')), 0);
  });
}

test('on a phone nothing lies over the list of actions', async (t) => {
  const { page, put, putCursor } = await open(t, { context: PHONE });
  await put(many());
  await putCursor('BuildRunnerArtifacts', 's3:GetObj');
  await page.keyboard.press('Control+Space');
  await page.locator('.cm-tooltip-autocomplete li').nth(3).waitFor();
  await page.waitForTimeout(600);
  assert.ok((await page.locator('.cm-tooltip-autocomplete > ul').evaluate((list) => list.scrollWidth <= list.clientWidth)));
  assert.equal(await page.locator('.cm-completionInfo:visible').count(), 0);
});

test('on a phone a link that cannot be read is told of where one has scrolled to', async (t) => {
  const { page, at, put, scenario } = await open(t, { context: PHONE });
  await put(many());
  await at('jump-policies-request').click();
  const before = await scenario();
  await page.evaluate(() => {
    location.hash = '#1.q1YqVrIqySxJVbJS';
  });
  const notice = page.locator('#notices .notice').first();
  await notice.waitFor();
  assert.ok(await inWindow(notice));
  assert.deepEqual((await scenario()).policies, before.policies);
  await notice.getByRole('button', { name: 'Close' }).click();
  assert.ok(await inWindow(at('principal')));
});
