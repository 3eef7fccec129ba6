// "What if": the keys of the conditions as controls, with the verdict along each.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

function conditional(condition, changes = {}) {
  const scenario = smallScenario(changes);
  scenario.policies[0].document.Statement[0].Condition = condition;
  return scenario;
}

const row = (at, key) => at('sweep').locator(`[data-testid=sweep-row][data-key="${key}"]`);
const choices = (at, key) =>
  row(at, key)
    .locator('.sweep-choice')
    .evaluateAll((all) => all.map((one) => [one.innerText.trim(), one.dataset.decision, one.querySelector('input').checked]));

test('a scenario without conditions has nothing to turn', async (t) => {
  const { at, page, put } = await open(t);
  await put(conditional({ Bool: { 'aws:SecureTransport': 'true' } }));
  await at('sweep-row').waitFor();
  await put(smallScenario());
  await page.waitForSelector('#sweep-section', { state: 'hidden' });
});

test('MFA is flipped: each choice says its verdict, and the request follows', async (t) => {
  const { at, decides, page, put, scenario } = await open(t);
  await put(conditional({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, { tests: [{ name: 'one', request: {}, expect: 'implicitDeny' }] }));
  const key = 'aws:MultiFactorAuthPresent';
  await row(at, key).locator('[data-decision=allowed]').waitFor();
  assert.deepEqual(await choices(at, key), [
    ['true', 'allowed', false],
    ['false', 'implicitDeny', false],
    ['absent', 'implicitDeny', true],
  ]);
  const original = await scenario();
  await row(at, key).getByText('true').click();
  await decides('allowed');
  assert.equal((await scenario()).request.context[key], 'true');
  // By keyboard, as any group of radio buttons.
  await page.keyboard.press('ArrowRight');
  await decides('implicitDeny');
  assert.equal((await scenario()).request.context[key], 'false');
  assert.match(await row(at, key).locator('.sweep-head').innerText(), /false: Implicit deny/);
  await row(at, key).getByRole('button', { name: `put ${key} back` }).click();
  await page.evaluate(() => window.iamPlayground.getReport());
  assert.deepEqual(await scenario(), original);
});

test('time is dragged along its band', async (t) => {
  const { at, decides, page, put, scenario } = await open(t);
  const key = 'aws:CurrentTime';
  const window = {
    DateGreaterThanEquals: { [key]: '2026-03-02T00:00:00Z' },
    DateLessThan: { [key]: '2026-06-01T00:00:00Z' },
  };
  const scene = conditional(window);
  scene.request.context = { [key]: '2026-04-15T09:30:00Z' };
  await put(scene);
  const parts = row(at, key).locator('.sweep-part');
  await parts.nth(2).waitFor();
  assert.deepEqual(await parts.evaluateAll((all) => all.map((part) => part.dataset.decision)), ['implicitDeny', 'allowed', 'implicitDeny']);
  assert.match(await row(at, key).getByRole('img', { name: /Allowed from 2026-03-02 to 2026-06-01/ }).getAttribute('aria-label'), /^Implicit deny from/);
  const widths = await parts.evaluateAll((all) => all.map((part) => part.getBoundingClientRect().width));
  assert.ok(widths[1] > widths[0] * 2, String(widths));
  const slider = row(at, key).getByRole('slider', { name: key });
  await slider.focus();
  await page.keyboard.press('Home');
  await decides('implicitDeny');
  assert.ok((await scenario()).request.context[key] < '2026-03-02');
  await page.keyboard.press('End');
  assert.ok((await scenario()).request.context[key] > '2026-06-01');
  const box = await slider.boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await decides('allowed');
  assert.match((await scenario()).request.context[key], /^2026-04-1\d/);
  assert.match(await slider.getAttribute('aria-valuetext'), /^2026-04-1\d.*: Allowed$/);
  // What is typed moves the slider.
  await at('context-value').fill('2026-01-01T00:00:00Z');
  await decides('implicitDeny');
  await page.waitForFunction(() => document.querySelector('.sweep-slider').value === '0');
});

test('addresses and regions are taken from the policies, with some beside them', async (t) => {
  const { at, decides, put, scenario } = await open(t);
  await put(
    conditional({
      IpAddress: { 'aws:SourceIp': '203.0.113.0/24' },
      StringEquals: { 'aws:RequestedRegion': ['eu-west-1'] },
    }),
  );
  await row(at, 'aws:SourceIp').waitFor();
  await row(at, 'aws:SourceIp').getByText('in 203.0.113.0/24').click();
  await row(at, 'aws:RequestedRegion').getByText('eu-west-1').click();
  await decides('allowed');
  assert.equal((await scenario()).request.context['aws:SourceIp'], '203.0.113.1');
  await row(at, 'aws:SourceIp').locator('[data-decision=allowed]').waitFor();
  const verdict = Object.fromEntries((await choices(at, 'aws:SourceIp')).map(([label, decision]) => [label, decision]));
  assert.deepEqual(verdict, { 'in 203.0.113.0/24': 'allowed', 'elsewhere: 198.51.100.7': 'implicitDeny', absent: 'implicitDeny' });
  const regions = await choices(at, 'aws:RequestedRegion');
  assert.deepEqual(regions.filter(([, decision]) => decision === 'allowed').map(([label]) => label), ['eu-west-1']);
  assert.ok(regions.length >= 4);
});
