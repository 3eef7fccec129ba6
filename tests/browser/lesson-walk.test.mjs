// All lessons, one after the other, as a learner goes through them: in one page, with pasted text. The long way
// round, by keyboard, by touch and in embeds, is `walk-lessons.mjs`.

import { after, before, test } from 'node:test';
import { open, start, stop } from './harness.mjs';
import { course, walker } from './walk.mjs';

before(start);
after(stop);

test('every lesson is done from its start, with its hints, and leads to the next', async (t) => {
  const { page } = await open(t, { path: `#lesson=${course.lessons[0].id}` });
  const walk = walker(page, { quick: true });
  for (const [index, lesson] of course.lessons.entries()) {
    await walk.through(lesson);
    if (index + 1 < course.lessons.length) await walk.next();
  }
});
