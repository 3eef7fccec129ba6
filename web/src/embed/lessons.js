// Where the lessons of `<iam-playground lesson="…">` come from. The element knows of none by itself: who has lessons
// registers a loader, before or after the elements appear.
// @ts-check

/**
 * @typedef {object} Lesson
 * @property {unknown} scenario  what the reader begins with; its `tests` are the goal
 * @property {(place: HTMLElement, playground: HTMLElement) => void} [mount]
 *   fills the place above the regions: the text, the goal, the hints
 *
 * @typedef {(id: string) => Promise<Lesson>} LessonLoader
 */

/** @type {(loader: LessonLoader) => void} */
let register = () => {};
/** @type {Promise<LessonLoader>} */
const registered = new Promise((resolve) => (register = resolve));

/** So long an element waits for a loader. */
const PATIENCE = 5000;

/** @param {LessonLoader} loader */
export function registerLessons(loader) {
  register(loader);
}

/** @param {string} id @returns {Promise<Lesson>} */
export async function loadLesson(id) {
  /** @type {LessonLoader | undefined} */
  const loader = await Promise.race([registered, new Promise((resolve) => setTimeout(() => resolve(undefined), PATIENCE))]);
  if (!loader) throw new Error('no lessons are registered on this page');
  return loader(id);
}
