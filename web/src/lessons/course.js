// The lessons as the build gathered them.
// @ts-check

/**
 * @typedef {import('../../pkg/iam_playground.js').Lesson} Lesson
 * @typedef {import('../../pkg/iam_playground.js').Judgement} Judgement
 * @typedef {import('../../pkg/iam_playground.js').LessonRowResult} RowResult
 * @typedef {import('../../pkg/iam_playground.js').LessonSurplus} Surplus
 *
 * @typedef {object} Topic
 * @property {string} id
 * @property {string} title
 * @property {string} text
 *
 * @typedef {object} Course
 * @property {Record<string, string>} concepts
 * @property {Record<string, string>} pages  titles of AWS's pages by their addresses
 * @property {Topic[]} topics
 * @property {Lesson[]} lessons
 */

/** What a lesson's kind is called. @type {Record<Lesson['kind'], string>} */
export const KINDS = {
  write: 'Write',
  fix: 'Fix',
  minimise: 'Make narrower',
  read: 'Predict',
  break: 'Break',
  compare: 'Compare',
};

/** @type {Promise<Course> | undefined} */
let loading;

/** Fetches the lessons, once; a failure can be tried again. @returns {Promise<Course>} */
export function loadCourse() {
  loading ??= fetchCourse().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function fetchCourse() {
  const response = await fetch(new URL('../../pkg/lessons.json', import.meta.url));
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.json();
}

/** Whether the learner changes policies, and not the request. @param {Lesson} lesson */
export function changesPolicies({ kind }) {
  return kind === 'write' || kind === 'fix' || kind === 'minimise';
}
