// AWS's own policies by name: found in a dialog, read and not edited, kept by name in links and files, decided on the
// first answer.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, pageAddress, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

const empty = () => smallScenario({ policies: [] });

/** The text of the one editor that shows an AWS managed policy. */
const text = (page) => page.locator('[data-testid=policy]:has([data-testid=managed-policy]:not([hidden])) .cm-content').innerText();

test('one is found by words of its name, attached, and shown to read', async (t) => {
  const { at, decides, page, policy, put, report, scenario } = await open(t);
  await put(empty());
  await decides('implicitDeny');
  await at('add-policy-kind').selectOption('managed');
  await at('add-policy').click();
  await at('managed-search').fill('s3 read');
  const choice = page.locator('[data-testid=managed-choice][data-name=AmazonS3ReadOnlyAccess]');
  await choice.waitFor();
  await page.keyboard.press('Enter');
  await at('managed-dialog').waitFor({ state: 'detached' });
  await decides('allowed');

  const card = policy('AmazonS3ReadOnlyAccess');
  await card.getByText('arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess').waitFor();
  assert.match(await text(page), /"s3:Get\*"/);
  await card.locator('.cm-content').click();
  await page.keyboard.type('nonsense');
  await page.keyboard.press('Control+z');
  assert.match(await text(page), /^\{\n {2}"Version"/);
  assert.deepEqual((await scenario()).policies, [{ kind: 'identity', managedPolicy: 'AmazonS3ReadOnlyAccess' }]);
  assert.equal((await report()).matchedStatements[0].policy, 'AmazonS3ReadOnlyAccess');
});

test('a copy can be edited, and taken back', async (t) => {
  const { at, decides, editor, page, policy, put, scenario } = await open(t);
  await put(smallScenario({ policies: [{ kind: 'identity', managedPolicy: 'AmazonS3ReadOnlyAccess' }] }));
  await decides('allowed');
  await at('edit-copy').click();
  await editor('AmazonS3ReadOnlyAccess-copy').waitFor();
  assert.equal(await at('managed-policy').isVisible(), false);
  const [copy] = (await scenario()).policies;
  assert.equal(copy.managedPolicy, undefined);
  assert.match(copy.document, /"s3:Get\*"/);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.type('{}');
  await page.locator('[data-testid=decision][data-stale=true]').waitFor();
  await at('toast').getByText('Undo').click();
  await decides('allowed');
  assert.deepEqual((await scenario()).policies, [{ kind: 'identity', managedPolicy: 'AmazonS3ReadOnlyAccess' }]);
  await policy('AmazonS3ReadOnlyAccess').getByTestId('edit-copy').waitFor();
});

test('a link keeps the name, and its first answer is the whole one', async (t) => {
  const { decides, page, put } = await open(t);
  await put(
    smallScenario({
      request: { ...smallScenario().request, action: 's3:PutObject' },
      policies: [
        { kind: 'identity', managedPolicy: 'AdministratorAccess' },
        { kind: 'permissionsBoundary', managedPolicy: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' },
      ],
    }),
  );
  await decides('implicitDeny');
  await page.waitForFunction(() => location.hash.length > 10);
  await page.waitForTimeout(400);
  const { hash } = new URL(page.url());
  assert.ok(hash.length < 700, `the link has ${hash.length} characters`);

  const second = await open(t, { path: hash, script: watchDecisions });
  await second.decides('implicitDeny');
  assert.equal(await second.page.getByTestId('reason').getAttribute('data-code'), 'implicit-deny-permissions-boundary');
  const seen = await second.page.evaluate(() => window.seenDecisions);
  assert.deepEqual([...new Set(seen)].filter((one) => one !== 'none'), ['implicitDeny'], 'no other decision was shown');
  assert.ok(second.requests.some((url) => url.startsWith(pageAddress()) && url.includes('managed-policies')));
});

/** Runs in the page: notes every decision that is shown. */
function watchDecisions() {
  window.seenDecisions = [];
  new MutationObserver(() => {
    const decision = document.querySelector('[data-testid=decision]')?.getAttribute('data-decision');
    if (decision && window.seenDecisions.at(-1) !== decision) window.seenDecisions.push(decision);
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-decision'] });
}

test('a name that is none is said, with the nearest', async (t) => {
  const { at, decides, put } = await open(t);
  await put(smallScenario({ policies: [{ kind: 'identity', managedPolicy: 'AdministratorAcess' }] }));
  await decides('none');
  await at('diagnostics').getByText('did you mean AdministratorAccess?').waitFor();
});

test('without the data the page says what it cannot know, and goes on with the rest', async (t) => {
  const { at, context, decides, page, put } = await open(t, { expectTrouble: /Failed to load resource|net::ERR/ });
  await context.route(/managed-policies/, (route) => route.abort());
  await put(smallScenario({ policies: [{ kind: 'identity', managedPolicy: 'ReadOnlyAccess' }] }));
  await decides('none');
  await at('diagnostics').getByText('is not loaded yet').waitFor();
  await page.waitForTimeout(300);
  await context.unroute(/managed-policies/);
  await at('action').fill('s3:GetObjectAcl');
  await decides('allowed');
});

test('the dialog says what it is for, works by keyboard and lists by kind', async (t) => {
  const { at, page } = await open(t);
  await at('add-policy-kind').selectOption('managed');
  await at('add-policy').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-testid=managed-choice]').nth(49).waitFor();
  await page.keyboard.type('billing');
  await page.locator('[data-testid=managed-choice][data-name=Billing]').waitFor();
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'managed-choice');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'managed-search');
  await at('managed-search').fill('no such policy');
  await page.getByText('No AWS managed policy is called so.').waitFor();
  await at('managed-search').fill('');
  await at('managed-kind').selectOption('scp');
  await page.getByText('One policy.').waitFor();
  await page.keyboard.press('Escape');
  await at('managed-dialog').waitFor({ state: 'detached' });
});

test('the dialog and the editor need the names alone: an ARN, a slip of the pen, a condition on the policy', async (t) => {
  const { at, editor, page, put, putCursor, requests } = await open(t);
  const document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:AttachRolePolicy","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":"ReadOnlyA"}}}}';
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'Attach', document }] }));
  await editor('Attach').focus();
  await putCursor('Attach', '"ReadOnlyA');
  await page.keyboard.press('Control+Space');
  await page.locator('.cm-tooltip-autocomplete li', { hasText: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }).first().waitFor();
  await page.keyboard.press('Escape');

  await at('add-policy-kind').selectOption('managed');
  await at('add-policy').click();
  const choice = (name) => page.locator(`[data-testid=managed-choice][data-name=${name}]`);
  await at('managed-search').fill('arn:aws:iam::aws:policy/job-function/ViewOnlyAccess');
  await choice('ViewOnlyAccess').waitFor();
  await at('managed-search').fill('AmazonS3RaedOnlyAccess');
  await page.getByText('Did you mean this one?').waitFor();
  await choice('AmazonS3ReadOnlyAccess').waitFor();
  assert.ok(requests.some((url) => url.includes('managed-names')));
  assert.ok(!requests.some((url) => url.includes('managed-policies')), 'no document was needed');
  // Attached, it is.
  await choice('AmazonS3ReadOnlyAccess').click();
  await page.locator('[data-testid=decision][data-decision=allowed]').waitFor();
});

test('names that cannot be loaded: the dialog says so, and the next look tries again', async (t) => {
  const { at, context, page } = await open(t, { expectTrouble: /Failed to load resource|net::ERR/ });
  await context.route(/managed-names/, (route) => route.abort());
  await at('add-policy-kind').selectOption('managed');
  await at('add-policy').click();
  await page.getByText('could not be loaded').waitFor();
  await context.unroute(/managed-names/);
  await at('managed-search').fill('billing');
  await page.locator('[data-testid=managed-choice][data-name=Billing]').waitFor();
});
