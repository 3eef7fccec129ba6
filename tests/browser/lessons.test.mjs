// Lessons: from the table of contents to “Done”, as a learner goes, by mouse, by keyboard and on a phone.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { open, start, stop } from './harness.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const course = JSON.parse(await readFile(new URL('../../web/pkg/lessons.json', import.meta.url), 'utf8'));

before(start);
after(stop);

const FIRST = course.lessons.find(({ id }) => id === 'nothing-is-allowed');

/** A policy's text: of a solution, laid out as the page does it. */
const documentOf = (scenario, name) => JSON.stringify(scenario.policies.find((policy) => policy.name === name).document, null, 2);

async function openLesson(t, id, options = {}) {
  const found = await open(t, { path: `#lesson=${id}`, ...options });
  const { page, at } = found;
  await page.waitForSelector(`[data-testid=lesson][data-lesson="${id}"]`);
  const status = at('lesson-status');
  return Object.assign(found, {
    status,
    /** Waits for what the status line says. */
    async says(pattern) {
      await page.waitForFunction(
        ([source]) => new RegExp(source, 'i').test(document.querySelector('[data-testid=lesson-status]')?.textContent ?? ''),
        [pattern.source],
      );
    },
    /** Guesses the first answer, where the lesson asks for it. */
    async guess(answer) {
      await at('lesson-predict').locator(`[data-guess=${answer}]`).click();
      await at('lesson-veil').waitFor({ state: 'hidden' });
    },
    /** Types a policy anew, as pasting does. */
    async write(name, text) {
      await found.editor(name).focus();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Delete');
      await page.evaluate((words) => {
        const data = new DataTransfer();
        data.setData('text/plain', words);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      }, text);
    },
    row: (name) => page.locator(`[data-testid=lesson-row][data-name="${name}"]`),
    kept: () => page.evaluate(() => JSON.parse(localStorage.getItem('iam-playground:lessons') ?? '{}').lessons ?? {}),
  });
}

const allow = (action, resource) => ({ Effect: 'Allow', Action: action, Resource: resource });
const LIST = allow('s3:ListAllMyBuckets', '*');
const policy = (...statements) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

test('a lesson is done: guess, write, hidden rows, done, next', async (t) => {
  const { at, guess, kept, page, row, says, status, write } = await openLesson(t, FIRST.id);
  assert.match(await at('lesson-goal').innerText(), new RegExp(FIRST.goal.slice(0, 20)));

  // The answer is not to be seen before the guess, anywhere.
  assert.ok(await at('lesson-veil').isVisible());
  assert.equal(await at('decision').isVisible(), false);
  assert.equal(await at('reason').isVisible(), false);
  assert.equal(await page.locator('[data-testid=lesson-row][data-pass=true]').count(), 0);
  await guess('explicitDeny');
  assert.match(await at('lesson-predict').innerText(), /You said “Explicit deny”. It is “Implicit deny”/);
  assert.ok(await at('decision').isVisible());

  await says(/2 of 3 rows pass/);
  assert.equal(await row(FIRST.rows[0].name).getAttribute('data-pass'), 'false');
  assert.match(await row(FIRST.rows[0].name).innerText(), /expected allowed, got implicit deny/);

  // Too wide: the visible rows pass, the hidden ones do not.
  await write('AliceReads', policy(LIST, allow('s3:GetObject', '*')));
  await says(/almost/);
  assert.match(await status.innerText(), /your answer also allows s3:GetObject on arn:aws:s3:::example-reports\/salaries.csv/);
  assert.equal(await page.locator('[data-testid=lesson-hidden-rows] [data-pass=false]').count(), 2);
  assert.equal((await kept())[FIRST.id].done, undefined);
  // The request that slips through can be looked at.
  await row('another object of the bucket').getByTestId('lesson-row-load').click();
  assert.equal(await at('resource').inputValue(), 'arn:aws:s3:::example-reports/salaries.csv');
  assert.equal(await row('another object of the bucket').getAttribute('data-current'), 'true');

  await write('AliceReads', documentOf(FIRST.solution, 'AliceReads'));
  await says(/done/);
  assert.ok((await kept())[FIRST.id].done);
  assert.match(await at('lesson-size').innerText(), /2 statements/);
  await at('lesson-surplus').waitFor();
  assert.equal(await at('lesson-surplus').getAttribute('data-count'), '0');

  // The way on is beside the status, too, which is always in sight.
  await page.getByRole('button', { name: `Next: ${course.lessons[1].title}` }).first().click();
  await page.waitForSelector(`[data-testid=lesson][data-lesson="${course.lessons[1].id}"]`);
  assert.match(page.url(), new RegExp(`#lesson=${course.lessons[1].id}$`));
  await page.goBack();
  await page.waitForSelector(`[data-testid=lesson][data-lesson="${FIRST.id}"]`);
  await says(/done/);
});

test('a policy half typed has a friendly message and never passes', async (t) => {
  const { at, guess, kept, page, says, write } = await openLesson(t, FIRST.id);
  await guess('implicitDeny');
  const whole = documentOf(FIRST.solution, 'AliceReads');
  for (const length of [0, 1, 30, 90, whole.length - 1]) {
    await write('AliceReads', whole.slice(0, length));
    await says(/cannot be read yet/);
    assert.match(await at('lesson-trouble').innerText(), /./);
    assert.equal(await page.locator('[data-testid=lesson-row][data-pass=true]').count(), 0, `${length} characters`);
  }
  // Slips that everybody makes: what is wrong, and what to write.
  const slips = [
    [whole.replace('},', '}'), /AliceReads cannot be read yet: expected , or \], but \{ follows/, /a comma is missing/i],
    [whole.replaceAll('"', '“'), /cannot be read yet/, /plain double quotes/],
    [whole.replaceAll('"Allow"', '"allow"'), /AWS would not save AliceReads yet: allow is no effect/, /write Allow: case matters/i],
    [whole.replace('"Action"', '"Actions"'), /AWS would not save AliceReads yet: unknown element Actions/, /did you mean Action/i],
    [whole.replace('arn:aws:s3:::', ''), /AWS would not save AliceReads yet: .* is no ARN/, /write the ARN/i],
  ];
  for (const [text, message, help] of slips) {
    await write('AliceReads', text);
    await says(message);
    assert.match(await at('lesson-trouble').innerText(), help);
  }
  assert.equal((await kept())[FIRST.id].done, undefined);
  await write('AliceReads', whole);
  await says(/done/);
});

test('an answer allows more than it needs to, and is told so', async (t) => {
  const { at, guess, says, write } = await openLesson(t, FIRST.id);
  await guess('implicitDeny');
  await write('AliceReads', policy(LIST, allow('s3:GetObject*', 'arn:aws:s3:::example-reports/weekly.csv')));
  await says(/done/);
  await at('lesson-surplus').waitFor();
  assert.ok(Number(await at('lesson-surplus').getAttribute('data-count')) > 5);
  assert.match(await at('lesson-surplus').innerText(), /also allows \d+ other actions/);
  await at('lesson-surplus').locator('summary').click();
  assert.match(await at('lesson-surplus').innerText(), /s3:GetObjectAcl/);
  // A search under way is given up for the next answer; the last of three in a row has the last word.
  for (const action of ['s3:*', 's3:Get*']) {
    await write('AliceReads', policy(LIST, allow(action, 'arn:aws:s3:::example-reports/weekly.csv')));
  }
  // Narrowed, the score follows.
  await write('AliceReads', documentOf(FIRST.solution, 'AliceReads'));
  await at('lesson-surplus').and(at('lesson-surplus').page().locator('[data-count="0"]')).waitFor();
});

test('the solution is shown and taken away without losing a letter', async (t) => {
  const { at, guess, kept, says, scenario, write } = await openLesson(t, FIRST.id);
  await guess('implicitDeny');
  const own = '{ "Version": "2012-10-17", "Statement": [ ';
  await write('AliceReads', own);
  await says(/cannot be read yet/);
  await at('lesson-solve').click();
  await says(/this is a solution/);
  assert.equal((await scenario()).policies[0].document, documentOf(FIRST.solution, 'AliceReads'));
  assert.equal((await kept())[FIRST.id].done, undefined, 'a look at the solution is no answer');
  await at('lesson-solve').click();
  assert.equal((await scenario()).policies[0].document, own);
  await at('lesson-reset').click();
  assert.equal((await scenario()).policies[0].document, documentOf(FIRST.start, 'AliceReads'));
  await at('toast').getByRole('button', { name: 'Undo' }).click();
  assert.equal((await scenario()).policies[0].document, own);
});

test('the solution cannot be typed into', async (t) => {
  const { at, editor, guess, page, scenario } = await openLesson(t, FIRST.id);
  await guess('implicitDeny');
  await at('lesson-solve').click();
  const before = (await scenario()).policies[0].document;
  await editor('AliceReads').focus();
  await page.keyboard.type('x');
  assert.equal((await scenario()).policies[0].document, before);
});

test('hints come one by one, the last names the line', async (t) => {
  const { at } = await openLesson(t, FIRST.id);
  const button = at('lesson-hint');
  for (let number = 1; number <= FIRST.hints.length; number += 1) {
    assert.match(await button.innerText(), new RegExp(`Hint ${number} of ${FIRST.hints.length}`));
    await button.press('Enter');
    assert.equal(await at('lesson').locator('.lesson-hint-list > li').count(), number);
  }
  assert.equal(await button.isVisible(), false);
  // The button is gone, and the focus with the hint that it brought.
  assert.ok(await at('lesson').locator('.lesson-hint-list > li').last().evaluate((item) => item === document.activeElement));
  assert.match(await at('lesson').locator('.lesson-hint-list > li').last().innerText(), /"Action": "s3:GetObject"/);
});

test('policies that are not the subject are read-only, and none can be added or removed', async (t) => {
  const lesson = course.lessons.find(({ kind, editable, start }) => kind === 'fix' && start.policies.length > editable.length);
  const { at, editor, page, policy: card, scenario } = await openLesson(t, lesson.id);
  await page.waitForTimeout(300);
  const other = lesson.start.policies.find(({ name }) => !lesson.editable.includes(name));
  const before = JSON.stringify((await scenario()).policies);
  await editor(other.name).focus();
  await page.keyboard.type('x');
  assert.equal(JSON.stringify((await scenario()).policies), before);
  assert.match(await card(other.name).getAttribute('class'), /is-locked/);
  assert.equal(await at('add-policy').isVisible(), false);
  assert.equal(await card(other.name).getByTestId('remove-policy').isVisible(), false);
});

test('predictions: every row is guessed before it is shown', async (t) => {
  const lesson = course.lessons.find(({ kind }) => kind === 'read');
  const { at, kept, row, says } = await openLesson(t, lesson.id);
  assert.ok(await at('lesson-veil').isVisible());
  let wrong = 0;
  for (const [index, one] of lesson.rows.entries()) {
    assert.equal(await row(one.name).getAttribute('data-pass'), '');
    assert.doesNotMatch(await row(one.name).innerText(), /right|you said/i);
    const answer = index === 0 ? ['allowed', 'implicitDeny'].find((guess) => guess !== one.expect) : one.expect;
    wrong += answer === one.expect ? 0 : 1;
    await row(one.name).locator(`[data-guess=${answer}]`).click();
    assert.equal(await row(one.name).getAttribute('data-pass'), String(answer === one.expect));
    // The words around code in the reason why.
    const words = one.why.split('`')[0].trim().slice(0, 20);
    assert.ok((await row(one.name).innerText()).toLowerCase().includes(words.toLowerCase()), words);
  }
  await says(new RegExp(`done: ${lesson.rows.length - wrong} of ${lesson.rows.length}`));
  assert.equal(await at('lesson-veil').isVisible(), false);
  assert.ok((await kept())[lesson.id].done);
  await at('lesson-reset').click();
  assert.equal(await row(lesson.rows[0].name).getAttribute('data-pass'), '');
});

test('breaking: a request that slips through is looked for, policies stay', async (t) => {
  const lesson = course.lessons.find(({ id }) => id === 'not-action');
  const { at, editor, page, says, scenario } = await openLesson(t, lesson.id);
  await says(/0 of 3 conditions met/);
  const before = JSON.stringify((await scenario()).policies);
  await editor('EverythingButIam').focus();
  await page.keyboard.type('x');
  assert.equal(JSON.stringify((await scenario()).policies), before);
  assert.equal(await at('principal').evaluate((field) => field.readOnly), true);

  await at('action').fill('cloudtrail:');
  await says(/cannot be read yet|conditions met/);
  await at('action').fill('cloudtrail:StopLogging');
  await says(/2 of 3 conditions met/);
  await at('resource').fill(lesson.solution.request.resource);
  await says(/done/);
  assert.equal(await page.locator('[data-testid=lesson-condition][data-pass=true]').count(), 3);
});

test('comparing: both answers are shown, and each side can be looked at', async (t) => {
  const lesson = course.lessons.find(({ kind }) => kind === 'compare');
  const { at, page, report, says, scenario } = await openLesson(t, lesson.id);
  await says(/not found yet|conditions met/);
  const [one, other] = lesson.find.sides;
  const names = async () => (await scenario()).policies.map(({ name }) => name);
  assert.ok((await names()).includes(one.policies[0]) && !(await names()).includes(other.policies[0]));
  await at('lesson-side').nth(1).click();
  assert.ok((await names()).includes(other.policies[0]) && !(await names()).includes(one.policies[0]));
  const { request } = lesson.solution;
  for (const field of lesson.find.change) {
    if (field === 'action' || field === 'resource') await at(field).fill(request[field]);
  }
  await says(/done/);
  const decisions = await page.locator('.lesson-side').evaluateAll((sides) => sides.map((side) => side.dataset.decision));
  assert.notEqual(decisions[0], decisions[1]);
  assert.equal((await report()).decision, decisions[1], 'the page shows the side that is looked at');
});

test('comparing: the two answers the wrong way round are told so', async (t) => {
  const { at, page, says } = await openLesson(t, 'two-places-one-text');
  await at('principal').fill('arn:aws:iam::222233334444:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX');
  await says(/1 of 2 conditions met/);
  await page.waitForFunction(() => document.querySelector('[data-testid=lesson-condition]').textContent.includes('the other way round'));
});

test('what the playground remarks about policies that are only read waits until the lesson is done', async (t) => {
  const { at, editor, page, says } = await openLesson(t, 'not-action');
  const findings = () => page.locator('[data-testid=diagnostics] li').count();
  // Warnings are there from the moment the whole engine is: this answer has them, and none is drawn.
  assert.ok((await page.evaluate(() => window.iamPlayground.getReport())).diagnostics.some(({ severity }) => severity === 'warning'));
  await at('action').fill('cloudtrail:StopLogging');
  await says(/2 of 3 conditions met/);
  assert.ok((await page.evaluate(() => window.iamPlayground.getReport())).diagnostics.length > 0);
  assert.equal(await findings(), 0);
  assert.equal(await editor('EverythingButIam').locator('.cm-lintRange').count(), 0);
  await at('resource').fill('arn:aws:cloudtrail:eu-west-1:111122223333:trail/main');
  await says(/done/);
  await page.waitForSelector('[data-testid=diagnostics] li');
  assert.ok((await editor('EverythingButIam').locator('.cm-lintRange').count()) > 0);
  // In a lesson that is about mending, the remarks on the policy to be mended are part of it.
  await page.evaluate(() => (location.hash = '#lesson=bucket-or-object'));
  await page.waitForSelector('[data-lesson=bucket-or-object]');
  await page.waitForSelector('[data-testid=diagnostics] li');
});

test('what the lesson does not let change cannot be changed, neither by typing nor from a list', async (t) => {
  const { at, page, says, scenario } = await openLesson(t, 'mfa');
  await says(/not found yet|conditions met/);
  const before = (await scenario()).request;
  for (const field of ['principal', 'action', 'resource']) {
    assert.ok(await at(field).evaluate((input) => input.readOnly), field);
    await at(field).focus();
    await page.keyboard.type('x');
  }
  await at('action').focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await at('action').getAttribute('aria-expanded'), 'false');
  await page.keyboard.press('Enter');
  assert.deepEqual((await scenario()).request, before);
});

test('the work begun is there after a reload, and the scenario from before after leaving', async (t) => {
  const { at, guess, page, pick, says, scenario, write } = await openLesson(t, FIRST.id);
  await at('lesson-leave').click();
  await pick('03-explicit-deny-wins');
  await page.waitForFunction(() => location.hash.startsWith('#1.'));
  const before = await scenario();
  await page.evaluate((id) => (location.hash = `#lesson=${id}`), FIRST.id);
  await guess('implicitDeny');
  await write('AliceReads', policy(LIST, allow('s3:GetObject', '*')));
  await says(/almost/);
  await page.reload();
  await page.waitForSelector('[data-testid=lesson]');
  await says(/almost/);
  assert.equal(await at('lesson-veil').isVisible(), false, 'the guess is not asked for twice');
  assert.match((await scenario()).policies[0].document, /s3:GetObject","Resource":"\*"/);
  await at('lesson-leave').click();
  await page.waitForFunction(() => location.hash.startsWith('#1.'));
  assert.deepEqual(await scenario(), before);
  assert.equal(await page.locator('[data-testid=lesson]').count(), 0);
  assert.ok(await at('tests').isVisible());
  assert.ok(await at('add-policy').isVisible());
});

test('what could be undone in one lesson is not offered in the next', async (t) => {
  const { at, page, scenario } = await openLesson(t, 'mfa');
  await at('context-remove').first().click();
  await at('toast').waitFor();
  await page.evaluate(() => (location.hash = '#lesson=deny-wins'));
  await page.waitForSelector('[data-testid=lesson][data-lesson="deny-wins"]');
  assert.equal(await at('toast').count(), 0);
  assert.equal((await scenario()).request.action, 's3:DeleteObject');
});

test('opening something else leaves the lesson', async (t) => {
  const { at, page, pick, scenario } = await openLesson(t, FIRST.id);
  await pick('04-group-membership');
  await page.waitForFunction(() => !document.querySelector('[data-testid=lesson]'));
  assert.match((await scenario()).title, /group/i);
  assert.ok(await at('decision').isVisible());
  await page.waitForFunction(() => location.hash.startsWith('#1.'));
});

test('the table of contents shows what is done; progress goes out to a file and comes back', async (t) => {
  const { at, page, guess, says, write } = await openLesson(t, FIRST.id);
  await guess('implicitDeny');
  await write('AliceReads', documentOf(FIRST.solution, 'AliceReads'));
  await says(/done/);
  await at('lesson-picker').click();
  const contents = at('lesson-contents');
  assert.equal(await contents.getByTestId('lesson-link').count(), course.lessons.length);
  assert.match(await contents.innerText(), new RegExp(`1 of ${course.lessons.length} done`));
  assert.equal(await contents.locator('.lesson-item[data-done=true]').count(), 1);
  assert.match(await contents.locator('h3').first().innerText(), /1 of \d+/);
  assert.equal(await contents.locator('[aria-current]').getAttribute('data-lesson'), FIRST.id);
  // It leads on to what comes next; what was begun comes first.
  assert.equal(await at('lesson-onward').innerText(), `Go on with ${course.lessons[1].title}.`);
  await at('lesson-onward').getByRole('link').click();
  await page.waitForSelector(`[data-lesson="${course.lessons[1].id}"]`);
  await page.evaluate((id) => (location.hash = `#lesson=${id}`), course.lessons[8].id);
  await page.waitForSelector(`[data-testid=lesson][data-lesson="${course.lessons[8].id}"]`);
  await at('lesson-hint').click();
  await page.evaluate((id) => (location.hash = `#lesson=${id}`), FIRST.id);
  await page.waitForSelector(`[data-testid=lesson][data-lesson="${FIRST.id}"]`);
  await at('lesson-picker').click();
  assert.equal(await at('lesson-onward').innerText(), `Go on with ${course.lessons[8].title}.`);
  assert.ok(await contents.locator(`.lesson-item:has([data-lesson="${course.lessons[8].id}"])`).getByLabel('begun').isVisible());

  const [download] = await Promise.all([page.waitForEvent('download'), at('lesson-export').click()]);
  const file = await download.path();
  await at('lesson-forget').click();
  assert.match(await contents.innerText(), /0 of/);
  await at('lesson-import-file').setInputFiles(file);
  await page.waitForFunction(() => /1 of/.test(document.querySelector('.lesson-contents-summary').textContent));

  await at('lesson-import-file').setInputFiles({ name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{"a": [') });
  await page.waitForFunction(() => /notes.json was not taken/.test(document.body.innerText));
  assert.match(await contents.innerText(), /1 of/);

  await contents.getByTestId('lesson-link').nth(2).click();
  await page.waitForSelector(`[data-testid=lesson][data-lesson="${course.lessons[2].id}"]`);
  assert.equal(await contents.isVisible(), false);
});

test('progress of lessons that this version does not know is kept, and odd entries do no harm', async (t) => {
  const { kept, at, page, says, scenario } = await openLesson(t, FIRST.id, {
    script: `localStorage.setItem('iam-playground:lessons', JSON.stringify({ version: 1, lessons: {
      'from-the-future': { done: '2030-01-01T00:00:00Z', novelty: [1] }, 'nothing-is-allowed': { policies: { AliceReads: 7 }, hints: 'x', guess: null },
      'deny-wins': { policies: { RenamedSince: '{', ProtectArchive: '{ "mine": 1 }' }, hints: -3 },
      'silence-is-no': { guesses: { 'a row that is no more': 'allowed', 'she asks who she is': 'perhaps' } },
      'not-action': { request: { action: 7, context: 'x' } },
    } }))`,
  });
  await at('lesson-hint').click();
  // What was begun in a lesson that has changed since: what fits is there, the rest does no harm.
  const go = async (id) => {
    await page.evaluate((to) => (location.hash = `#lesson=${to}`), id);
    await page.waitForSelector(`[data-testid=lesson][data-lesson="${id}"] [data-testid=lesson-status]:not(:empty)`);
  };
  await go('deny-wins');
  await says(/AWS would not save ProtectArchive yet/);
  assert.equal((await scenario()).policies[1].document, '{ "mine": 1 }');
  assert.equal(await at('lesson-hint').innerText(), 'Hint 1 of 3');
  await go('silence-is-no');
  await says(/guess each answer/);
  await go('not-action');
  await says(/the request cannot be read yet: action must be a string/);
  await at('lesson-reset').click();
  await says(/0 of 3 conditions met/);
  assert.deepEqual((await kept())['from-the-future'], { novelty: [1], done: '2030-01-01T00:00:00Z' });
});

test('with the storage blocked, lessons work, and say that nothing is kept', async (t) => {
  const { at, guess, page, says, write } = await openLesson(t, FIRST.id, {
    script: `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })`,
  });
  await guess('implicitDeny');
  await write('AliceReads', documentOf(FIRST.solution, 'AliceReads'));
  await says(/done/);
  await at('lesson-picker').click();
  assert.match(await at('lesson-contents').innerText(), /1 of .* done.*does not keep it/s);
  await page.keyboard.press('Escape');
});

test('a link to a lesson that does not exist says so, and offers the others', async (t) => {
  const { at, page } = await open(t, { path: '#lesson=no-such-lesson' });
  await page.waitForSelector('[data-testid=notice][data-kind=lesson]');
  assert.match(await page.locator('[data-kind=lesson]').innerText(), /no lesson “no-such-lesson”/);
  await page.getByRole('button', { name: 'All lessons' }).click();
  assert.ok(await at('lesson-contents').isVisible());
});

test('nothing of the lessons is loaded before one is asked for', async (t) => {
  // The service worker fetches everything in advance, behind the page.
  const { at, page, requests } = await open(t, { context: { serviceWorkers: 'block' } });
  await page.waitForTimeout(500);
  assert.deepEqual(requests.filter((address) => /lessons|page-/.test(new URL(address).pathname)), []);
  await at('lesson-picker').click();
  await at('lesson-contents').waitFor();
  assert.ok(requests.some((address) => /lessons/.test(address)));
});

test('where the lessons cannot be loaded, the page says so and can try again', async (t) => {
  const { at, page, context } = await open(t, { expectTrouble: /Failed to load resource|ERR_FAILED/, context: { serviceWorkers: 'block' } });
  await context.route(/lessons-.*\.json/, (route) => route.abort());
  await at('lesson-picker').click();
  await page.waitForSelector('[data-kind=lessons]');
  await context.unroute(/lessons-.*\.json/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await at('lesson-contents').waitFor();
});

test('a lesson is done by keyboard alone', async (t) => {
  const { page } = await open(t);
  const focused = (what) => page.evaluate((selector) => document.activeElement.matches(selector), what);
  const tabTo = async (selector, backwards = false) => {
    for (let step = 0; step < 90; step += 1) {
      await page.keyboard.press(backwards ? 'Shift+Tab' : 'Tab');
      if (await focused(selector)) return;
    }
    assert.fail(`Tab does not reach ${selector}`);
  };
  await tabTo('[data-testid=lesson-picker]');
  await page.keyboard.press('Enter');
  await tabTo('[data-lesson="nothing-is-allowed"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid=lesson]');
  assert.ok(await focused('.lesson h2'), 'the heading has the focus');
  await tabTo('[data-guess=implicitDeny]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid=lesson-veil]', { state: 'hidden' });
  await tabTo('.cm-content');
  await page.keyboard.press('Control+End');
  // Behind the brace of the first statement.
  for (let step = 0; step < 2; step += 1) await page.keyboard.press('ArrowUp');
  await page.keyboard.press('End');
  await page.keyboard.type(', { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::example-reports/weekly.csv" }');
  await page.waitForSelector('[data-testid=lesson][data-done=true]');
  await tabTo('[data-testid=lesson-next]', true);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`[data-testid=lesson][data-lesson="${course.lessons[1].id}"]`);
});

for (const width of [360, 320, 900]) {
  test(`on a screen ${width} wide everything is reached, and what the rows say stays in sight`, async (t) => {
    const { at, guess, page, says, write } = await openLesson(t, FIRST.id, { context: { viewport: { width, height: 740 } } });
    await guess('implicitDeny');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, 'nothing sticks out');
    await write('AliceReads', documentOf(FIRST.solution, 'AliceReads'));
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await says(/done/);
    await at('lesson-bar').waitFor();
    assert.match(await at('lesson-bar').innerText(), /done/i);
    await at('lesson-bar').click();
    assert.ok(await at('lesson-status').isVisible());
    await at('lesson-picker').click();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
  });
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing in lessons of each kind, ${colorScheme}`, async (t) => {
    const { at, page } = await openLesson(t, FIRST.id, { context: { colorScheme } });
    const findings = async () => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`));
    };
    assert.deepEqual(await findings(), [], 'before the guess');
    for (const kind of ['write', 'fix', 'minimise', 'read', 'break', 'compare']) {
      const { id } = course.lessons.find((lesson) => lesson.kind === kind);
      await page.evaluate((to) => (location.hash = `#lesson=${to}`), id);
      await page.waitForSelector(`[data-testid=lesson][data-lesson="${id}"] [data-testid=lesson-rows] li, [data-lesson="${id}"] [data-testid=lesson-condition]`);
      await at('lesson-hint').click();
      assert.deepEqual(await findings(), [], kind);
      if (kind === 'write') {
        await at('lesson-solve').click();
        await page.waitForTimeout(300);
        assert.deepEqual(await findings(), [], 'the solution');
      }
    }
    await at('lesson-picker').click();
    assert.deepEqual(await findings(), [], 'the table of contents');
  });
}

// ---- In an embed ------------------------------------------------------------------------------------------------

async function openEmbed(t, element, options = {}) {
  const { page: first, context } = await open(t, options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  t.after(() => assert.deepEqual(complaints, [], 'the embed complained'));
  await page.route('**/host.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><body><h1>Host</h1>
        <script type="module" src="./iam-playground.js"></script>${element}
        <script>addEventListener('iam-pass', (event) => (document.title = 'passed ' + event.detail.lesson));</script></body></html>`,
    }),
  );
  await page.goto(new URL('host.html', first.url()).href);
  await page.waitForFunction(() => document.querySelector('iam-playground')?.shadowRoot?.querySelector('[data-testid=lesson]'));
  return { page, at: (id) => page.getByTestId(id) };
}

test('an embed with a lesson: guess, solve, done, next, and no trace in the storage', async (t) => {
  const { at, page } = await openEmbed(t, '<iam-playground lesson="nothing-is-allowed" loading="eager" style="height: 640px"></iam-playground>');
  const before = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.equal(await at('decision').isVisible(), false);
  await at('lesson-predict').locator('[data-guess=implicitDeny]').click();
  await at('decision').waitFor();
  const solved = JSON.stringify(FIRST.solution);
  await at('lesson-solve').click();
  await page.waitForFunction(() => document.querySelector('iam-playground').scenario.policies[0].document.includes('s3:GetObject'));
  assert.equal(await page.title(), 'Host', 'a look at the solution passes nothing');
  await at('lesson-solve').click();
  const editor = page.locator('iam-playground .cm-content').first();
  await editor.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(JSON.stringify(JSON.parse(solved).policies[0].document));
  await page.waitForFunction(() => document.title === 'passed nothing-is-allowed');
  assert.match(await at('lesson-status').innerText(), /done/i);
  assert.match(await page.evaluate(() => document.querySelector('iam-playground').shareUrl()), /#lesson=nothing-is-allowed$/);
  await at('lesson-next').click();
  await page.waitForFunction(
    (id) => document.querySelector('iam-playground').shadowRoot.querySelector('[data-testid=lesson]')?.dataset.lesson === id,
    course.lessons[1].id,
  );
  assert.equal(await page.evaluate(() => document.querySelector('iam-playground').getAttribute('lesson')), course.lessons[1].id);
  assert.equal(await page.evaluate(() => location.hash), '');
  assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage })), before);
});

test('another scenario in an embed takes the lesson away', async (t) => {
  const { at, page } = await openEmbed(t, '<iam-playground lesson="not-action" loading="eager" style="height: 640px"></iam-playground>');
  await page.waitForFunction(() => /conditions met/.test(document.querySelector('iam-playground').shadowRoot.querySelector('[data-testid=lesson-status]').textContent));
  await page.evaluate(() => (document.querySelector('iam-playground').scenario = { request: { principal: 'arn:aws:iam::111122223333:root', action: 's3:GetObject', resource: '*' }, policies: [] }));
  await page.waitForFunction(() => !document.querySelector('iam-playground').shadowRoot.querySelector('[data-testid=lesson]'));
  assert.ok(await at('decision').isVisible());
  assert.equal(await at('action').evaluate((field) => field.readOnly), false);
});

for (const width of [360, 700, 1000]) {
  test(`an embed ${width} wide shows lesson and regions, and axe finds nothing`, async (t) => {
    const { page, at } = await openEmbed(t, '<iam-playground lesson="left-out-is-not-forbidden" loading="eager" style="height: 700px"></iam-playground>', {
      context: { viewport: { width, height: 800 } },
    });
    await at('decision').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    const [lesson, regions, policies, outcome, footer] = await page.evaluate(() => {
      const root = document.querySelector('iam-playground').shadowRoot;
      return ['#lesson-place', '#regions', '.region-policies', '.region-outcome', '.iam-footer']
        .map((name) => root.querySelector(name).getBoundingClientRect())
        .map(({ left, right, top, bottom }) => ({ left, right, top, bottom }));
    });
    for (const { left, right, top, bottom } of [lesson, regions]) assert.ok(right - left > 200 && bottom - top > 200, `${left} ${right} ${top} ${bottom}`);
    if (width < 760) {
      // One column that scrolls as a whole.
      assert.ok(regions.top >= lesson.bottom - 1 && outcome.top >= policies.bottom - 1);
      await at('decision').scrollIntoViewIfNeeded();
      await at('lesson-bar').waitFor();
    } else {
      assert.ok(lesson.right <= regions.left + 1 && policies.right <= outcome.left + 1, 'side by side');
      assert.ok(regions.bottom <= footer.top + 1, 'the footer is free');
    }
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run('iam-playground', { resultTypes: ['violations'] }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 120)} ${node.failureSummary}`)}`), []);
  });
}
