// The lessons on the full page: opening, leaving, the table of contents, the address.
// @ts-check

import { byId, h } from '../dom.js';
import { notice, dismiss, dropToast, toast } from '../notices.js';
import { createContents } from './contents.js';
import { loadCourse } from './course.js';
import { createLesson } from './lesson.js';
import { createProgress } from './progress.js';
import { adoptLessonStyles } from './styles.js';

/**
 * @typedef {import('../types.d.ts').PageState} PageState
 *
 * @typedef {Omit<import('./lesson.js').Host, 'root' | 'tell'> & {
 *   hold: () => () => void,
 * }} Page
 *   `hold` keeps the page's work, and leaves storage and address alone until the function it returns is called
 */

/** @typedef {Awaited<ReturnType<typeof createLessons>>} Lessons */

/** @param {Page} page */
export async function createLessons(page) {
  adoptLessonStyles(document);
  const course = await loadCourse();
  const progress = createProgress();
  const place = byId('lesson-place');
  /** @type {import('./lesson.js').OpenLesson | undefined} */
  let open;
  /** What was on the page before the first lesson. @type {PageState | undefined} */
  let before;
  /** @type {(() => void) | undefined} */
  let release;

  /** @param {string} message @param {() => void} [undo] */
  const tell = (message, undo) => toast(message, undo ? { undo } : {});
  const contents = createContents(course, progress, tell, () => open?.lesson.id);
  document.body.append(contents.element);
  const bar = h('div', { class: 'lesson-bar-place' });
  byId('verdict-bar').before(bar);

  /** @type {import('./prose.js').LinkTo} */
  const linkTo = (id, label) => h('a', { href: `#lesson=${id}` }, label);

  /** @param {string} id */
  function show(id) {
    const lesson = course.lessons.find((other) => other.id === id);
    if (!lesson) {
      notice('lesson', 'warning', `There is no lesson “${id}” in this version of the playground.`, [
        { label: 'All lessons', run: () => contents.open() },
      ]);
      return;
    }
    dismiss('lesson');
    contents.close();
    if (!open) before = page.store.state;
    open?.leave();
    release ??= page.hold();
    open = createLesson(lesson, course, progress, { ...page, root: document, tell }, {
      linkTo,
      open: go,
      contents: () => contents.open(),
      leave: (stays) => {
        close(stays);
        // Where the address still asks for the lesson, it would open again at the next visit.
        if (!stays) history.replaceState(null, '', location.pathname + location.search);
      },
    });
    place.replaceChildren(open.element);
    place.hidden = false;
    bar.replaceChildren(open.bar);
    document.body.classList.add('has-lesson');
    open.focus();
    place.scrollTo?.(0, 0);
    if (progress.isBlocked) notice('lesson', 'info', 'This browser keeps nothing of what you do here. Save your progress to a file from the table of contents.');
  }

  /** Goes to a lesson by the address, so that Back leads back. @param {string} id */
  function go(id) {
    if (location.hash === `#lesson=${id}`) show(id);
    else location.hash = `#lesson=${id}`;
  }

  /** Back to what was on the page before. @param {boolean} stays  something else was opened, and stays */
  function close(stays) {
    if (!open) return;
    open.leave();
    open = undefined;
    place.replaceChildren();
    place.hidden = true;
    bar.replaceChildren();
    document.body.classList.remove('has-lesson');
    dismiss('lesson');
    release?.();
    release = undefined;
    const state = before;
    before = undefined;
    if (!state || stays) return;
    dropToast(document);
    page.load(state);
    byId('lesson-picker').focus();
  }

  return {
    contents: () => contents.open(),
    /** What the address asks for: a lesson, the contents, or none. @param {string | undefined} asked */
    follow(asked) {
      if (asked === undefined) close(location.hash !== '');
      else if (asked === '') contents.open();
      else if (open?.lesson.id !== asked) show(asked);
    },
  };
}
