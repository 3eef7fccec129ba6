// Where the lessons of `<iam-playground lesson="…">` come from: from this project, unless the page around has lessons of
// its own and registers a loader for them, before the elements appear.
// @ts-check

/**
 * @typedef {object} Lesson
 * @property {string} [id]  under which the full page has it too
 * @property {unknown} scenario  what the reader begins with
 * @property {(place: HTMLElement, playground: HTMLElement, host: import('../lessons/embed.js').EmbedHost) =>
 *   import('../lessons/embed.js').Mounted | void} [mount]
 *   fills the place above the regions: the text, the goal, the hints
 *
 * @typedef {(id: string) => Promise<Lesson>} LessonLoader
 */

/** @type {LessonLoader} */
let loader = async (id) => (await import('../lessons/embed.js')).builtInLesson(id);

/** @param {LessonLoader} own */
export function registerLessons(own) {
  loader = own;
}

/** @param {string} id @returns {Promise<Lesson>} */
export const loadLesson = (id) => loader(id);
