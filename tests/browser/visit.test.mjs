// What a visitor meets beside the work itself: the first visit, versions, examples, copies.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

test('a first visit is told in three sentences how the page works, once', async (t) => {
  const { at, page, put } = await open(t);
  assert.equal(await at('welcome').isVisible(), true);
  assert.equal(await at('welcome').getByRole('listitem').count(), 3);
  await at('welcome-close').click();
  assert.equal(await at('welcome').isVisible(), false);
  await page.goto(`${page.url().split('#')[0]}?again`);
  await page.waitForSelector('html[data-ready=true]');
  assert.equal(await at('welcome').isVisible(), false);
  await put(smallScenario());
});

test('who comes by a link is not told', async (t) => {
  const first = await open(t);
  await first.put(smallScenario());
  await first.page.waitForFunction(() => location.hash.length > 10);
  const { at } = await open(t, { path: await first.page.evaluate(() => location.hash) });
  assert.equal(await at('welcome').isVisible(), false);
});

test('an empty scenario says what to write, calmly, and leads to the fields', async (t) => {
  const { at, page } = await open(t);
  await at('new').click();
  const advice = page.locator('#request-fields .inline-finding');
  await advice.nth(2).waitFor();
  assert.match(await advice.first().innerText(), /says who asks: the ARN of a user/);
  const boxes = await advice.evaluateAll((all) => all.map((one) => [getComputedStyle(one.firstElementChild).boxShadow, one.getBoundingClientRect().height]));
  for (const [shadow, height] of boxes) assert.ok(shadow === 'none' && height < 60, `${shadow} ${height}`);
  const borders = await page.evaluate(() => ['principal', 'resource-account'].map((id) => getComputedStyle(document.querySelector(`[data-testid=${id}]`)).borderColor));
  assert.equal(borders[0], borders[1], 'what is still empty is not marked as wrong');
  await at('diagnostics').getByRole('button', { name: 'its action' }).click();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), 'action');
  assert.match(await at('no-policies').innerText(), /Add one, or pick an example/);
});

test('the versions of engine and data are shown', async (t) => {
  const { at, page } = await open(t);
  assert.match(await at('engine-version').innerText(), /^Engine \d+\.\d+/);
  await page.waitForFunction(() => /\d{4}-\d{2}-\d{2}/.test(document.querySelector('[data-testid=data-date]').textContent));
});

test('every concept that a scenario can show has an example, and the gallery finds it in plain words', async (t) => {
  const { at, page } = await open(t);
  await at('gallery-open').click();
  const cards = at('gallery-cards').locator('[data-example]');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=gallery-cards] [data-example]').length > 30);
  const all = await cards.count();
  await at('gallery').getByText('By what they teach').click();
  const concepts = await at('gallery')
    .locator('[data-concept]')
    .evaluateAll((buttons) => buttons.map((button) => [button.dataset.concept, button.innerText.trim()]));
  assert.deepEqual(concepts.map(([code]) => code), Array.from({ length: 31 }, (_, index) => `C${index + 1}`));
  for (const [code, label] of concepts) {
    await at('gallery-search').fill(label);
    assert.ok((await cards.count()) > 0, `${code} ${label}`);
  }
  await at('gallery-search').fill('');
  assert.equal(await cards.count(), all);
});

test('the gallery is searched by words and by concept, and a card opens its example', async (t) => {
  const { at, page, scenario } = await open(t);
  await page.locator('body').press('e');
  const cards = at('gallery-cards').locator('[data-example]');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=gallery-cards] [data-example]').length > 30);
  assert.equal(await at('gallery-search').evaluate((field) => field === document.activeElement), true);
  await page.keyboard.type('external id');
  assert.ok((await cards.count()) < 5);
  await page.keyboard.type(' nowhere');
  assert.equal(await cards.count(), 0);
  await at('gallery').getByRole('button', { name: 'Show all' }).click();
  await at('gallery').getByText('By what they teach').click();
  await at('gallery').locator('[data-concept=C19]').click();
  const found = await cards.count();
  assert.ok(found >= 2 && found < 8, String(found));
  assert.equal(await at('gallery').locator('[data-concept=C19]').getAttribute('aria-pressed'), 'true');
  const title = await cards.first().locator('strong').innerText();
  await cards.first().getByRole('button').click();
  assert.equal(await at('gallery').isVisible(), false);
  assert.equal((await scenario()).title, title);
  assert.notEqual(await at('example-picker').inputValue(), '');
});

const clipboard = { context: { permissions: ['clipboard-read', 'clipboard-write'] } };

async function copied({ at, page }, form) {
  await at('copy-as').click();
  await at('copy-menu').locator(`[data-form=${form}]`).click();
  await at('toast').getByText(/^Copied/).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  await at('toast').getByLabel('Close').click();
  return text;
}

test('the scenario is copied as a command that a shell and the AWS CLI can read', async (t) => {
  const tools = await open(t, clipboard);
  const scenario = smallScenario();
  scenario.request.context = { 'aws:SourceIp': '203.0.113.7' };
  scenario.policies[0].document.Statement[0].Sid = "It's";
  scenario.policies[0].document.Statement[0].Condition = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
  scenario.policies.push({ kind: 'session', name: 'Less', document: scenario.policies[0].document });
  await tools.put(scenario);
  const command = await copied(tools, 'cli');
  // The shell itself takes it apart; in place of the AWS CLI a function prints its arguments.
  const { execFileSync } = await import('node:child_process');
  const printed = execFileSync('bash', ['-c', `aws() { printf '%s\\0' "$@"; }\n${command}`], { encoding: 'utf8' });
  const words = printed.split('\0').slice(0, -1);
  assert.deepEqual(words.slice(0, 3), ['iam', 'simulate-custom-policy', '--policy-input-list']);
  assert.deepEqual(JSON.parse(words[3]), scenario.policies[0].document);
  const option = (name) => words[words.indexOf(name) + 1];
  assert.equal(option('--action-names'), 's3:GetObject');
  assert.equal(option('--resource-arns'), 'arn:aws:s3:::photos/cat.jpg');
  assert.equal(option('--caller-arn'), 'arn:aws:iam::111122223333:user/alice');
  assert.deepEqual(JSON.parse(option('--context-entries')), [
    { ContextKeyName: 'aws:SourceIp', ContextKeyValues: ['203.0.113.7'], ContextKeyType: 'ip' },
  ]);
  assert.match(command, /^# Left out.*session policy Less$/m);
});

test('the scenario is copied as Markdown and as an embed snippet', async (t) => {
  const tools = await open(t, clipboard);
  const { page, report, scenario } = tools;
  await tools.put(smallScenario({ title: 'Photos', description: 'A </script> in words.' }));
  const words = await copied(tools, 'markdown');
  const { reason } = await report();
  assert.ok(words.startsWith('## Photos\n'), words);
  assert.ok(words.includes(`**Allowed**: ${reason.message}.`));
  assert.match(words, /```json\n\{\n {2}"Version"/);
  const [, link] = /\[Open it in the IAM Playground\]\((.*)\)/.exec(words);
  assert.equal(link, await page.evaluate(() => location.href));
  const snippet = await copied(tools, 'embed');
  const parsed = await page.evaluate((html) => {
    const fragment = new DOMParser().parseFromString(html, 'text/html');
    const element = fragment.querySelector('iam-playground');
    return { style: fragment.querySelector('link[rel=stylesheet]').href, src: fragment.querySelector('script[type=module]').src, scenario: JSON.parse(element.querySelector('script[slot=scenario]').textContent) };
  }, snippet);
  assert.match(parsed.src, /\/iam-playground\.js$/);
  assert.match(parsed.style, /\/iam-playground\.css$/);
  assert.equal(parsed.scenario.description, 'A </script> in words.');
  assert.deepEqual(parsed.scenario.policies[0].document, JSON.parse((await scenario()).policies[0].document));
});

test('the menu of copies is worked by keyboard', async (t) => {
  const { at, page } = await open(t, clipboard);
  const focused = () => page.evaluate(() => document.activeElement.dataset.form ?? document.activeElement.id);
  await at('copy-as').focus();
  await page.keyboard.press('Enter');
  await at('copy-menu').waitFor();
  assert.equal(await focused(), 'link');
  assert.equal(await at('copy-as').getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('ArrowUp');
  assert.equal(await focused(), 'embed');
  await page.keyboard.press('Escape');
  assert.equal(await at('copy-menu').isVisible(), false);
  assert.equal(await focused(), 'copy-as');
});
