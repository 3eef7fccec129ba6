// Pointing from one region at another: an entry of the trace at its text, the cursor in a text at its entry.
// @ts-check

/** @typedef {import('./types.d.ts').Place} Place */

/**
 * @typedef {object} Pointing
 * @property {Place[]} places
 * @property {boolean} go  whether to scroll to the first, not just to mark them
 */

/**
 * @typedef {object} Cursor
 * @property {string} policyId
 * @property {number} offset
 */

/** @template T */
function channel() {
  /** @type {Set<(value: T) => void>} */
  const listeners = new Set();
  return {
    /** @param {T} value */
    send(value) {
      for (const listener of listeners) listener(value);
    },
    /** @param {(value: T) => void} listener */
    listen(listener) {
      listeners.add(listener);
    },
  };
}

export function createSpotlight() {
  return {
    /** An entry points at a text; undefined when it no longer does. */
    pointing: /** @type {ReturnType<typeof channel<Pointing | undefined>>} */ (channel()),
    /** Where the pointer rests in an editor; undefined when it left. */
    hover: /** @type {ReturnType<typeof channel<Cursor | undefined>>} */ (channel()),
    /** Where the cursor stands in a focused editor; undefined when it left. */
    cursor: /** @type {ReturnType<typeof channel<Cursor | undefined>>} */ (channel()),
  };
}

/** @typedef {ReturnType<typeof createSpotlight>} Spotlight */
