// Lessons in an embed: `<iam-playground lesson="…">`. Nothing is kept in the browser's storage, and links lead to another
// lesson in the same place.
// @ts-check

import { byId, h } from '../dom.js';
import { loadCourse } from './course.js';
import { createLesson } from './lesson.js';
import { createProgress } from './progress.js';
import { adoptLessonStyles } from './styles.js';

/**
 * @typedef {import('./lesson.js').Host & { passed: (lesson: string) => void }} EmbedHost
 * @typedef {{ leave: () => void, reset: () => void }} Mounted
 */

/** What is done on this page, for as long as it is open. */
const progress = createProgress(false);

/**
 * A lesson of the project.
 * @param {string} id
 * @returns {Promise<import('../embed/lessons.js').Lesson>}
 */
export async function builtInLesson(id) {
  const course = await loadCourse();
  const lesson = course.lessons.find((other) => other.id === id);
  if (!lesson) throw new Error(`there is no lesson “${id}”`);
  return {
    id,
    scenario: lesson.start,
    mount(place, playground, host) {
      adoptLessonStyles(host.root);
      const { both, undo } = split(place, host.root);
      const asked = { ...lesson, predict: lesson.predict || (playground.hasAttribute('predict') && lesson.kind !== 'read') };
      const open = createLesson(asked, course, progress, host, {
        linkTo: (to, label) =>
          h('a', { href: `#lesson=${to}`, onclick: (/** @type {Event} */ event) => {
            event.preventDefault();
            playground.setAttribute('lesson', to);
          } }, label),
        open: (to) => playground.setAttribute('lesson', to),
        leaves: () => leave(),
        passed: () => host.passed(lesson.id),
      });
      place.replaceChildren(open.element);
      both.append(open.bar);
      both.scrollTop = 0;
      let left = false;
      const leave = () => {
        if (left) return;
        left = true;
        open.leave();
        place.replaceChildren();
        place.hidden = true;
        undo();
      };
      return { leave, reset: open.reset };
    },
  };
}

/**
 * Puts the lesson beside the regions where there is room, else above them in one column that scrolls as a whole. The
 * regions come into a container of their own, so that they are laid out by what is left.
 * @param {HTMLElement} place
 * @param {import('../dom.js').Root} root
 */
function split(place, root) {
  const regions = byId('regions', root);
  const rest = h('div', { class: 'lesson-rest' });
  const both = h('div', { class: 'lesson-split' });
  regions.before(both);
  rest.append(regions);
  both.append(place, rest);
  return {
    both,
    undo() {
      both.before(place, regions);
      both.remove();
    },
  };
}
