// The engine crashes or hangs: its worker is ended and started anew, the text stays, the page says so.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, pageAddress, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

const trouble = (page, kind) =>
  page.evaluate((detail) => document.dispatchEvent(new CustomEvent('iam-test-trouble', { detail })), kind);

for (const [kind, words] of [
  ['crash', /The engine stopped \(unreachable\)/],
  ['hang', /The engine stopped \(no answer within 2 seconds\)/],
]) {
  test(`a ${kind} in the engine ends in a message and a new worker`, async (t) => {
    const { at, decides, page, put, scenario } = await open(t, { path: '?test-hooks' });
    await put(smallScenario());
    await trouble(page, kind);
    await at('resource').fill('arn:aws:s3:::elsewhere/x');
    await at('notice').waitFor();
    assert.match(await at('notice').innerText(), words);
    await decides('implicitDeny');
    assert.equal((await scenario()).request.resource, 'arn:aws:s3:::elsewhere/x');
    await at('resource').fill('arn:aws:s3:::photos/x');
    await decides('allowed');
  });
}

test('an engine that fails twice on a scenario is not asked a third time until something changes', async (t) => {
  const { at, decides, page, put } = await open(t, {
    path: '?test-hooks',
    // Every worker is told to crash on its first scenario.
    script: () => {
      const Real = Worker;
      window.Worker = class extends Real {
        postMessage(message) {
          if (window.sabotage && message.type === 'evaluate') super.postMessage({ type: 'crash' });
          super.postMessage(message);
        }
      };
    },
  });
  await put(smallScenario());
  await page.evaluate(() => {
    window.sabotage = true;
  });
  // The near engine fails too.
  await trouble(page, 'crash');
  await at('resource').fill('arn:aws:s3:::elsewhere/x');
  await at('notice').getByText('failed twice').waitFor();
  assert.equal(await at('decision').getAttribute('data-stale'), 'true');
  await page.evaluate(() => {
    window.sabotage = false;
  });
  await at('notice').getByRole('button', { name: 'Try again' }).click();
  await decides('implicitDeny');
});

test('an engine that fails on a scenario with the same answer as before shows it as fresh', async (t) => {
  const { at, decides, page, put } = await open(t, { path: '?test-hooks' });
  await put(smallScenario());
  await trouble(page, 'crash');
  await at('resource').fill('arn:aws:s3:::photos/dog.jpg');
  await at('notice').waitFor();
  await decides('allowed');
});

test('an engine that cannot be loaded says so, and the text can still be edited and shared', async (t) => {
  const { context } = await open(t);
  await context.route('**/*.wasm', (route) => route.abort());
  const blocked = await context.newPage();
  await blocked.goto(pageAddress());
  await blocked.getByTestId('notice').getByText('There can be no decision').waitFor();
  assert.equal(await blocked.getByTestId('decision').getAttribute('data-decision'), 'none');
  await blocked.getByTestId('action').fill('s3:ListBucket');
  await blocked.waitForFunction(() => location.hash.startsWith('#1.'));
});

test('without the test hooks the page knows no trouble', async (t) => {
  const { at, decides, page, put } = await open(t);
  await put(smallScenario());
  await trouble(page, 'crash');
  await at('resource').fill('arn:aws:s3:::elsewhere/x');
  await decides('implicitDeny');
  assert.equal(await at('notice').count(), 0);
});
