// What a learner has done, and the answers begun: kept in this browser, by the lessons' ids, which never change. A lesson
// that this version of the page does not know keeps its place, for the version that does.
// @ts-check

import { isObject } from '../scenario.js';
import { recall, remember } from '../storage.js';

/**
 * @typedef {object} Entry
 * @property {string} [done]  when it was done first, as a date and time
 * @property {Record<string, string>} [policies]  the learner's texts, by the policies' names
 * @property {import('../types.d.ts').RequestFields} [request]  the request that the learner looks for
 * @property {Record<string, string>} [guesses]  the answers guessed, by the rows' names
 * @property {string} [guess]  the answer guessed before the first request's was shown
 * @property {number} [hints]  how many were looked at
 *
 * @typedef {ReturnType<typeof createProgress>} Progress
 */

const VERSION = 1;
const KEY = 'lessons';

/** @param {boolean} [keeps]  whether the browser's storage is used: an embed leaves it alone */
export function createProgress(keeps = true) {
  /** @type {Record<string, Entry>} */
  let lessons = (keeps && read(recall(KEY))) || {};
  let blocked = false;

  function write() {
    if (!keeps) return;
    const text = JSON.stringify({ version: VERSION, lessons });
    remember(KEY, text);
    blocked = recall(KEY) !== text;
  }

  return {
    /** Whether the browser refuses to keep anything. */
    get isBlocked() {
      return blocked;
    },
    /** @param {string} id @returns {Entry} */
    of: (id) => lessons[id] ?? {},
    /** @param {string} id */
    isDone: (id) => lessons[id]?.done !== undefined,
    /** Whether something was tried, and it is not done. @param {string} id */
    isBegun: (id) => {
      const { done, policies, request, guesses, guess, hints } = lessons[id] ?? {};
      return done === undefined && [policies, request, guesses, guess, hints].some((part) => part !== undefined);
    },
    /** Changes some of what is known of a lesson; `undefined` takes it out. @param {string} id @param {Partial<Entry>} part */
    change(id, part) {
      // Another tab may have gone on meanwhile.
      if (keeps && !blocked) lessons = read(recall(KEY)) ?? lessons;
      const entry = JSON.parse(JSON.stringify({ ...lessons[id], ...part }));
      lessons = { ...lessons, [id]: entry };
      write();
    },
    /** @returns {() => void} takes it back */
    reset() {
      const before = lessons;
      lessons = {};
      write();
      return () => {
        lessons = before;
        write();
      };
    },
    /** The progress as a file's text. */
    exported: () => `${JSON.stringify({ kind: 'iam-playground-lessons', version: VERSION, lessons }, null, 2)}\n`,
    /**
     * Takes in an exported file: what is done here stays done, and an answer begun here stays.
     * @param {string} text
     * @returns {number} how many lessons it speaks of
     */
    imported(text) {
      const taken = read(text);
      if (!taken) throw new Error('the file holds no progress of lessons');
      for (const [id, entry] of Object.entries(taken)) {
        const own = lessons[id] ?? {};
        const done = [own.done, entry.done].filter((date) => date !== undefined).sort()[0];
        lessons = { ...lessons, [id]: { ...entry, ...own, ...(done !== undefined && { done }) } };
      }
      write();
      return Object.keys(taken).length;
    },
  };
}

/**
 * Reads what is kept, and only what has the shape it should have: a file may have been edited by hand.
 * @param {string | undefined} text
 * @returns {Record<string, Entry> | undefined}
 */
function read(text) {
  if (text === undefined) return undefined;
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || !isObject(value.lessons)) return undefined;
  /** @type {Record<string, Entry>} */
  const lessons = {};
  for (const [id, entry] of Object.entries(value.lessons)) {
    if (!isObject(entry)) continue;
    const { done, policies, request, guesses, guess, hints, ...rest } = entry;
    lessons[id] = {
      ...rest,
      ...(typeof done === 'string' && { done }),
      ...(isObject(policies) && { policies: texts(policies) }),
      ...(isObject(request) && { request }),
      ...(isObject(guesses) && { guesses: Object.fromEntries(Object.entries(texts(guesses)).filter(([, answer]) => isAnswer(answer))) }),
      ...(typeof guess === 'string' && isAnswer(guess) && { guess }),
      ...(typeof hints === 'number' && hints > 0 && { hints: Math.trunc(hints) }),
    };
  }
  return lessons;
}

/** What can be guessed. @param {string} text */
function isAnswer(text) {
  return ['allowed', 'implicitDeny', 'explicitDeny'].includes(text);
}

/** @param {Record<string, unknown>} values @returns {Record<string, string>} */
function texts(values) {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}
