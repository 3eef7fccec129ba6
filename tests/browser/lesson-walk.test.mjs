// All lessons, one after the other, as a learner goes through them: in one page, with pasted text. The long way
// round, by keyboard, by touch and in embeds, is `walk-lessons.mjs`.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, start, stop } from './harness.mjs';
import { course, walker } from './walk.mjs';

before(start);
after(stop);

test('every lesson is done from its start, with its hints, and leads to the next', async (t) => {
  const { page, at } = await open(t, { path: `#lesson=${course.lessons[0].id}` });
  const walk = walker(page, { quick: true });
  for (const [index, lesson] of course.lessons.entries()) {
    await walk.through(lesson);
    if (index + 1 < course.lessons.length) await walk.next();
  }
  assert.match(await at('lesson-end').innerText(), new RegExp(`the last of ${course.lessons.length} lessons: you have done them all`));
  await at('lesson-all').click();
  assert.match(await at('lesson-contents').innerText(), new RegExp(`${course.lessons.length} of ${course.lessons.length} done, all of them`));
  assert.ok(!(await at('lesson-onward').isVisible()));
});
