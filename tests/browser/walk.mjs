// How a learner goes through a lesson, step by step: what is on screen at the beginning, the guess, the hints, the answer,
// the score, a look at the solution and back, starting over and taking that back. The same on the page, in an embed, by
// keyboard and by touch. Used by the test of all lessons, and by `walk-lessons.mjs` for the long way round.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

export const course = JSON.parse(await readFile(new URL('../../web/pkg/lessons.json', import.meta.url), 'utf8'));

/** Whether the learner changes policies, and not the request. */
export const writes = ({ kind }) => ['write', 'fix', 'minimise'].includes(kind);

/** The policies that have to be written: their names, and a text that solves the lesson without being the solution's letter by letter. */
function answers(lesson) {
  return lesson.editable
    .map((name) => [lesson.start, lesson.solution].map((scenario) => scenario.policies.find((policy) => policy.name === name)))
    .filter(([start, solution]) => JSON.stringify(start.document) !== JSON.stringify(solution.document))
    .map(([, { name, document }]) => [name, JSON.stringify(typeof document === 'string' ? JSON.parse(document) : document)]);
}

/**
 * @param {import('playwright-core').Page} page
 * @param {object} ways
 * @param {boolean} [ways.embed]  the lesson is in the first `<iam-playground>` of the page
 * @param {boolean} [ways.keys]  every letter is typed, and buttons are pressed by Enter
 * @param {boolean} [ways.touch]  fingers instead of a mouse
 * @param {boolean} [ways.quick]  buttons are pressed by script: for the test, which goes through all lessons in seconds
 * @param {(lesson: object, moment: string) => Promise<void>} [ways.picture]
 */
export function walker(page, { embed = false, keys = false, touch = false, quick = false, picture = async () => {} } = {}) {
  const root = embed ? page.locator('iam-playground').first() : page;
  const at = (id) => root.getByTestId(id);
  /** What of the lesson is on screen. */
  const look = () =>
    page.evaluate((inEmbed) => {
      const place = inEmbed ? document.querySelector('iam-playground')?.shadowRoot : document;
      const lesson = place?.querySelector('[data-testid=lesson]');
      if (!lesson) return { status: '', red: [] };
      const rows = lesson.querySelectorAll('[data-testid=lesson-row], [data-testid=lesson-condition]');
      return {
        id: lesson.dataset.lesson,
        done: lesson.dataset.done,
        status: lesson.querySelector('[data-testid=lesson-status]').textContent,
        // Rows that do not pass, and conditions of a search that are not met.
        red: [...rows].filter((row) => row.dataset.pass !== 'true').map((row) => row.textContent),
        surplus: lesson.querySelector('[data-testid=lesson-surplus]')?.dataset.count,
      };
    }, embed);

  /** Waits until what is on screen is as asked. */
  async function until(check, what) {
    const end = Date.now() + 10_000;
    for (;;) {
      const seen = await look();
      if (check(seen)) return seen;
      if (Date.now() > end) throw new Error(`${what}; on screen is ${JSON.stringify(seen)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async function press(locator) {
    if (keys) {
      await locator.focus();
      await page.keyboard.press('Enter');
    } else if (touch) {
      await locator.tap();
    } else if (quick) {
      await locator.evaluate((button) => {
        if (button.disabled || button.getClientRects().length === 0) throw new Error(`“${button.textContent}” cannot be pressed`);
        button.click();
      });
    } else {
      await locator.click();
    }
  }

  async function enter(locator, text) {
    if (touch) await locator.tap();
    else await locator.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    if (keys) await page.keyboard.type(text);
    else await page.keyboard.insertText(text);
  }

  const texts = () =>
    page.evaluate((inEmbed) => {
      const { policies } = inEmbed ? document.querySelector('iam-playground').scenario : window.iamPlayground.getScenario();
      return policies.map(({ document }) => (typeof document === 'string' ? document : JSON.stringify(document)));
    }, embed);

  const opened = (id) => until((seen) => seen.id === id, `${id} does not open`);
  const done = (is, id) => until((seen) => seen.done === String(is), `${id} is not ${is ? 'done' : 'open'}`);
  const says = (pattern, id) => until(({ status }) => pattern.test(status), `${id} does not say ${pattern}`);
  const red = async () => (await look()).red;

  async function guessFirst(lesson) {
    const choice = at('lesson-predict').locator('[data-guess=allowed]');
    if (!(await choice.isVisible())) return;
    assert.ok(await at('lesson-veil').isVisible(), `${lesson.id}: the decision is veiled`);
    assert.ok(!(await at('decision').isVisible()), `${lesson.id}: the decision is not to be seen before the guess`);
    await press(choice);
    await at('lesson-veil').waitFor({ state: 'hidden' });
    assert.match(await at('lesson-predict').innerText(), /You said “Allowed”/);
  }

  async function openHints(lesson) {
    const button = at('lesson-hint');
    for (let number = 1; number <= lesson.hints.length; number += 1) {
      assert.equal(await button.innerText(), `Hint ${number} of ${lesson.hints.length}`, lesson.id);
      await press(button);
    }
    assert.ok(!(await button.isVisible()), `${lesson.id}: no hint is left`);
    assert.equal(await at('lesson').locator('.lesson-hint-list > li').count(), lesson.hints.length);
  }

  async function guessAll(lesson) {
    assert.ok(await at('lesson-veil').isVisible(), `${lesson.id}: the decision is veiled`);
    for (const [index, { name, expect }] of lesson.rows.entries()) {
      const row = at('lesson-row').and(root.locator(`[data-name="${name}"]`));
      assert.equal(await row.getAttribute('data-pass'), '', `${lesson.id}: ${name} is not known yet`);
      const answer = index === 0 ? ['explicitDeny', 'allowed'].find((other) => other !== expect) : expect;
      await press(row.locator(`[data-guess=${answer}]`));
      assert.equal(await row.getAttribute('data-pass'), String(index !== 0), `${lesson.id}: ${name}`);
    }
    await says(new RegExp(`done: ${lesson.rows.length - 1} of ${lesson.rows.length}`, 'i'), lesson.id);
    assert.ok(!(await at('lesson-veil').isVisible()), `${lesson.id}: the decision is shown afterwards`);
  }

  async function findRequest(lesson) {
    const { request } = lesson.solution;
    for (const field of ['principal', 'action', 'resource']) {
      if (request[field] !== lesson.start.request[field]) {
        await enter(at(field), request[field]);
        // The list of suggestions comes a moment later, and stands over what a finger touches next.
        if (touch) await page.waitForTimeout(600);
        await page.keyboard.press('Escape');
      }
    }
    const before = lesson.start.request.context ?? {};
    const wanted = request.context ?? {};
    for (const key of Object.keys(before).filter((one) => !(one in wanted))) {
      const keyFields = await at('context-key').evaluateAll((fields) => fields.map((field) => field.value));
      await press(at('context-row').nth(keyFields.indexOf(key)).getByTestId('context-remove'));
    }
    for (const [key, value] of Object.entries(wanted).filter(([one]) => !(one in before))) {
      await press(at('add-context'));
      await enter(at('context-key').last(), key);
      // The list of keys comes a moment later, and stands over the value.
      const option = at('context-row').last().locator('[role=option]').first();
      await option.waitFor();
      if (touch) await option.tap();
      else await page.keyboard.press('Escape');
      await enter(at('context-value').last(), value);
    }
  }

  async function write(lesson) {
    for (const [name, text] of answers(lesson)) {
      const editor = at('policy').and(root.locator(`[data-name="${name}"]`)).locator('.cm-content');
      await enter(editor, text);
    }
  }

  return {
    at,
    opened,
    /** From the beginning to “done”, and once around: the lesson is open, and stays open. */
    async through(lesson) {
      const { id } = lesson;
      await opened(id);
      // An embed comes into sight once there is something to show in it.
      await at('lesson').waitFor();
      await guessFirst(lesson);
      await done(false, id);
      if (lesson.kind !== 'read') {
        await says(/pass|almost|cannot be read yet|would not save|met|found/i, id);
        assert.ok((await red()).length > 0, `${id}: something is red in the beginning`);
      }
      await picture(lesson, 'start');
      await openHints(lesson);
      if (lesson.kind === 'read') await guessAll(lesson);
      else if (lesson.find) await findRequest(lesson);
      else await write(lesson);
      await done(true, id);
      if (lesson.kind !== 'read') assert.deepEqual(await red(), [], `${id}: nothing is red`);
      if (lesson.find) assert.ok(await at('lesson').locator('.lesson-found').isVisible(), `${id}: why it was found is told`);
      if (writes(lesson)) {
        await until(({ surplus }) => surplus === '0', `${id}: the score of the solution`);
        assert.match(await at('lesson-size').innerText(), /Your answer: \d+ statement/);
      }
      await picture(lesson, 'done');
      const own = await texts();
      if (lesson.solution) {
        await press(at('lesson-solve'));
        await says(/this is a solution/i, id);
        assert.deepEqual(await red(), [], `${id}: the solution passes`);
        await press(at('lesson-solve'));
        await done(true, id);
        assert.deepEqual(await texts(), own, `${id}: the own answer is back, letter by letter`);
      }
      await press(at('lesson-reset'));
      await done(false, id);
      await press(at('toast').last().getByRole('button', { name: 'Undo' }));
      await done(true, id);
      assert.deepEqual(await texts(), own, `${id}: the own answer is back once more`);
    },
    async next() {
      await press(at('lesson-next'));
    },
  };
}
