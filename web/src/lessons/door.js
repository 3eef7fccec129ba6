// The way in to the lessons. Their code and their texts are loaded when the first one is asked for: by the button in the
// header, or by an address that ends in `#lesson=ID` or `#lessons`.
// @ts-check

import { byId } from '../dom.js';
import { notice } from '../notices.js';

/** What the fragment of an address asks for: a lesson's id, the table of contents (empty), or no lesson. */
export function lessonIn(/** @type {string} */ fragment) {
  return /^#lessons?(?:=([a-z0-9-]*))?$/.exec(fragment)?.[1] ?? (fragment === '#lessons' ? '' : undefined);
}

/** @param {import('./page.js').Page} page */
export function setUpLessons(page) {
  /** @type {Promise<import('./page.js').Lessons> | undefined} */
  let loading;
  const enter = () => {
    loading ??= import('./page.js')
      .then(({ createLessons }) => createLessons(page))
      .catch((error) => {
        loading = undefined;
        throw error;
      });
    return loading;
  };
  /** @param {(lessons: import('./page.js').Lessons) => void} use */
  const withLessons = async (use) => {
    try {
      use(await enter());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      notice('lessons', 'warning', `The lessons could not be loaded: ${message}.`, [
        { label: 'Try again', run: () => void withLessons(use) },
      ]);
    }
  };
  byId('lesson-picker').addEventListener('click', () => void withLessons((lessons) => lessons.contents()));
  const follow = () => {
    const asked = lessonIn(location.hash);
    if (asked !== undefined) void withLessons((lessons) => lessons.follow(asked));
    else if (loading) void withLessons((lessons) => lessons.follow(undefined));
  };
  addEventListener('hashchange', follow);
  if (lessonIn(location.hash) !== undefined) follow();
}
