// What helps while a policy and a request are written: completion, hovers, formatting, wildcards, lists to choose from.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');

before(start);
after(stop);

const list = '.cm-tooltip-autocomplete li';

/** What stands in the list that is open. */
async function offers(page) {
  await page.waitForSelector(`${list}[aria-selected]`);
  return page.locator(`${list} .cm-completionLabel`).allInnerTexts();
}

/** Takes the selected offer; a list takes keys only once it has stood for a moment. */
async function take(page, label) {
  await page.waitForFunction(
    (wanted) => document.querySelector('.cm-tooltip-autocomplete li[aria-selected] .cm-completionLabel')?.textContent === wanted,
    label,
    { timeout: 20_000 },
  );
  await page.waitForTimeout(250);
  await page.keyboard.press('Enter');
}

async function violations(page, within) {
  await page.evaluate(axe);
  const found = await page.evaluate(
    (selector) => window.axe.run(selector, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], rules: { region: { enabled: false } } }),
    within,
  );
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

test('a policy is typed from nothing with completion alone', async (t) => {
  const { decides, editor, page, put, scenario } = await open(t);
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'New', document: '' }] }));
  await editor('New').focus();
  await page.keyboard.press('Control+Space');
  await take(page, '{ } allow actions');
  // The first part to fill is the action; the request asks for this one.
  await take(page, 's3:GetObject');
  await take(page, 'arn:aws:s3:::photos/cat.jpg');
  await decides('allowed');
  const { document } = (await scenario()).policies[0];
  assert.deepEqual(JSON.parse(document), {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/cat.jpg' }],
  });
  // Behind the last part writing goes on after the document.
  assert.equal(document, JSON.stringify(JSON.parse(document), null, 2));
});

test('a condition is added by key, with the comma that was missing', async (t) => {
  const { decides, page, put, putCursor, scenario } = await open(t);
  const one = smallScenario();
  one.policies[0].document.Statement.pop();
  one.request.context = { 'aws:SourceIp': '203.0.113.7' };
  await put(one);
  await putCursor('Read', '"arn:aws:s3:::photos/*"');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Cond');
  await take(page, 'Condition');
  await page.keyboard.type('IpAd');
  await take(page, 'IpAddress');
  await take(page, 'aws:SourceIp');
  // The value is the next part to fill.
  await take(page, '203.0.113.7');
  await decides('allowed');
  const { Statement } = JSON.parse((await scenario()).policies[0].document);
  assert.deepEqual(Statement[0].Condition, { IpAddress: { 'aws:SourceIp': '203.0.113.7' } });
});

test('what is typed while the help is still on its way is helped once it is there', async (t) => {
  const { page, put, putCursor } = await open(t);
  await page.route('**/assets/*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.continue();
  });
  await put(smallScenario());
  await putCursor('Read', '"arn:aws:s3:::photos/*"');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Cond');
  assert.equal(await page.locator(list).count(), 0, 'the help was there before it was loaded');
  assert.deepEqual(await offers(page), ['Condition']);
});

test('typing narrows the list, and says what each offer is', async (t) => {
  const { page, put, putCursor } = await open(t);
  await put(smallScenario());
  await putCursor('Read', '"s3:GetObject');
  for (let i = 0; i < 'GetObject'.length; i += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('List');
  await page.waitForFunction(() => document.querySelector('.cm-tooltip-autocomplete')?.textContent?.includes('s3:List*'));
  const labels = await offers(page);
  assert.ok(labels.includes('s3:ListBucket') && labels.every((label) => /list/i.test(label)), labels.join());
  await page.keyboard.type('Buc');
  await page.waitForFunction(() => document.querySelector('.cm-tooltip-autocomplete li')?.textContent?.startsWith('s3:ListBucket'));
  // AWS's sentences are fetched behind the first list: a later one has them.
  const info = page.locator('.cm-completionInfo');
  for (let tries = 0; tries < 40 && !(await info.isVisible()); tries += 1) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Space');
    await page.waitForFunction(() => document.querySelector('.cm-tooltip-autocomplete li'));
    await page.waitForTimeout(250);
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(250);
  }
  assert.match(await page.locator('.cm-completionInfo').innerText(), /\w+/);
});

test('Tab leaves the editor, whatever is open in it', async (t) => {
  const { editor, page, put } = await open(t);
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'New', document: '' }] }));
  await editor('New').focus();
  await page.keyboard.press('Control+Space');
  await offers(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.cm-content')), null);
  // The list goes a moment later; what is typed before would be meant for it.
  await page.waitForSelector(list, { state: 'detached' });
  await editor('New').focus();
  await page.keyboard.press('Control+Space');
  await take(page, '{ } allow actions');
  await offers(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.cm-content')), null);
});

test('the pointer brings out what a piece means and does here', async (t) => {
  const { at, editor, page, put } = await open(t);
  await put(smallScenario());
  await editor('Read').focus();
  await page.locator('[data-name=Read] .tok-string', { hasText: '"s3:GetObject"' }).hover();
  await at('hover').waitFor();
  const words = await at('hover').innerText();
  assert.match(words, /Access level\s+Read/);
  assert.match(words, /covers s3:GetObject/);
});

test('the same by key; Escape goes back to the text', async (t) => {
  const { at, editor, page, put, putCursor } = await open(t);
  await put(smallScenario());
  await editor('Read').focus();
  await putCursor('Read', 'arn:aws:s3:::pho');
  await page.keyboard.press('Control+i');
  const dialog = page.getByRole('dialog', { name: 'About arn:aws:s3:::photos/*' });
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /object of Amazon S3/);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'dialog');
  assert.deepEqual(await violations(page, '.hover-card'), []);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains('cm-content')));
  assert.equal(await at('hover').count(), 0);
});

test('a wildcard is listed and written out', async (t) => {
  const { at, editor, page, put, putCursor, scenario } = await open(t);
  const one = smallScenario();
  one.policies[0].document.Statement[0].Action = 'sts:AssumeRole*';
  await put(one);
  await editor('Read').focus();
  await putCursor('Read', 'sts:Assume');
  await page.keyboard.press('Control+i');
  await at('expand').click();
  await at('expansion').waitFor();
  assert.match(await at('expansion').innerText(), /sts:AssumeRoleWithSAML/);
  assert.deepEqual(await violations(page, '.hover-card'), []);
  await at('write-out').click();
  await page.waitForFunction(() => window.iamPlayground.getScenario().policies[0].document.includes('WithSAML'));
  const { Statement } = JSON.parse((await scenario()).policies[0].document);
  assert.deepEqual(Statement[0].Action, ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity']);
});

test('format keeps numbers and keys as they were typed, and the cursor where it was; broken JSON says why not', async (t) => {
  const { at, editor, page, policy, put, putCursor, scenario } = await open(t);
  const text = '{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":1.50}}}]}';
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'Flat', document: text }] }));
  await editor('Flat').focus();
  await putCursor('Flat', '"s3:');
  await page.keyboard.press('Shift+Alt+F');
  await page.waitForFunction((old) => window.iamPlayground.getScenario().policies[0].document !== old, text);
  const made = (await scenario()).policies[0].document;
  assert.match(made, /^\{\n {2}"Version"/);
  assert.match(made, /"s3:max-keys": 1\.50\n/);
  await page.keyboard.type('Get');
  await page.waitForFunction(() => window.iamPlayground.getScenario().policies[0].document.includes('"s3:Get*"'));
  await page.keyboard.press('Escape');
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'Broken', document: '{"Version":' }] }));
  await policy('Broken').getByTestId('format').click();
  await page.waitForFunction(() => /line 1, column 12/.test(document.querySelector('[data-testid=toast]')?.textContent ?? ''));
  assert.equal((await scenario()).policies[0].document, '{"Version":');
  assert.ok(await at('toast').count());
});

test('the list of offers is accessible', async (t) => {
  const { editor, page, put, putCursor } = await open(t);
  await put(smallScenario());
  await editor('Read').focus();
  await putCursor('Read', '"Allow"');
  await page.keyboard.type(', "');
  await offers(page);
  assert.deepEqual(await violations(page, '.cm-tooltip-autocomplete'), []);
  assert.equal(await editor('Read').getAttribute('aria-autocomplete'), 'list');
});

test('the action is chosen from a list by key, and its resources are proposed', async (t) => {
  const { at, page, put, scenario } = await open(t);
  await put(smallScenario());
  await at('action').focus();
  await page.waitForSelector('[data-testid=action][role=combobox]');
  await at('action').fill('dynamodb:GetI');
  const options = page.getByRole('listbox', { name: 'Actions' }).getByRole('option');
  await options.first().waitFor();
  assert.match(await options.first().innerText(), /dynamodb:GetItem\s+Read/);
  assert.deepEqual(await violations(page, '#request-fields'), []);
  await page.keyboard.press('ArrowDown');
  assert.equal(await at('action').getAttribute('aria-activedescendant'), await options.first().getAttribute('id'));
  await page.keyboard.press('Enter');
  assert.equal((await scenario()).request.action, 'dynamodb:GetItem');
  assert.equal(await at('action').getAttribute('aria-expanded'), 'false');
  const form = at('arn-form').filter({ hasText: ':table/' }).first();
  await form.click();
  assert.match((await scenario()).request.resource, /^arn:aws:dynamodb:[a-z0-9-]+:111122223333:table\/TableName$/);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), 'resource');
  const chosen = await at('resource').evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd));
  assert.equal(chosen, 'us-east-1', 'the first part to fill is selected');
});

test('a service leads to its actions; Escape and Tab close the list', async (t) => {
  const { at, page, put } = await open(t);
  await put(smallScenario());
  await at('action').focus();
  await page.waitForSelector('[data-testid=action][role=combobox]');
  await at('action').fill('lamb');
  const options = page.getByRole('listbox', { name: 'Actions' }).getByRole('option');
  await options.first().click();
  assert.equal(await at('action').inputValue(), 'lambda:');
  await page.waitForFunction(() => document.querySelector('.combobox-list li')?.textContent?.startsWith('lambda:A'));
  await page.keyboard.press('Escape');
  assert.equal(await at('action').getAttribute('aria-expanded'), 'false');
  await page.keyboard.press('ArrowDown');
  await options.first().waitFor();
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement.dataset.testid), 'action');
  await page.waitForSelector('[data-testid=action][aria-expanded=false]');
});

test('a context key is chosen with its type', async (t) => {
  const { at, page, put, scenario } = await open(t);
  await put(smallScenario());
  await at('add-context').click();
  await page.waitForSelector('[data-testid=context-key][role=combobox]');
  await at('context-key').fill('MultiFactorAuthPres');
  const options = page.getByRole('listbox', { name: 'Context keys' }).getByRole('option');
  assert.match(await options.first().innerText(), /aws:MultiFactorAuthPresent\s+true or false/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.deepEqual((await scenario()).request.context, { 'aws:MultiFactorAuthPresent': 'true' });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), 'context-value');
});

test('a request that AWS never makes is decided, and gets a remark', async (t) => {
  const { at, decides, page, put } = await open(t);
  const one = smallScenario();
  one.request.resource = 'arn:aws:s3:::photos';
  await put(one);
  await decides('implicitDeny');
  await page.waitForSelector('[data-code=request-on-wrong-resource]');
  assert.match(await at('request-notes').innerText(), /AWS never asks for s3:GetObject on arn:aws:s3:::photos/);
  await at('resource').fill('arn:aws:s3:::photos/cat.jpg');
  await page.waitForSelector('[data-code=request-on-wrong-resource]', { state: 'detached' });
});

test('what else a request needs is added as tests', async (t) => {
  const { at, page, put, scenario } = await open(t);
  const one = smallScenario();
  one.request.action = 'ec2:RunInstances';
  one.request.resource = 'arn:aws:ec2:us-east-1:111122223333:instance/*';
  await put(one);
  await page.waitForSelector('[data-code=dependent-actions]');
  await at('add-proposed-tests').click();
  const { tests } = await scenario();
  const pass = tests.find((one) => one.request.action === 'iam:PassRole');
  assert.equal(pass.expect, 'allowed');
  assert.match(pass.request.resource, /^arn:aws:iam::111122223333:role\//);
  assert.match(await at('tests').innerText(), /iam:PassRole/);
});

test('without AWS’s data the page decides, completes the language and says what it does not know', async (t) => {
  const { at, decides, editor, page, put } = await open(t, {
    expectTrouble: /Failed to load resource/,
    block: '**/services-*.txt',
  });
  await put(smallScenario());
  await decides('allowed');
  await at('no-data').waitFor();
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'New', document: '' }] }));
  await editor('New').focus();
  await page.keyboard.press('Control+Space');
  await take(page, '{ } allow actions');
  assert.deepEqual((await offers(page)).slice(0, 2), ['s3:GetObject', '*']);
});
