// The one piece of state: what is being edited. A state is never changed in place, so an old one is its own undo.
// @ts-check

/**
 * @typedef {import('./types.d.ts').PageState} PageState
 *
 * @typedef {'load' | 'policies' | 'text' | 'request' | 'tests' | 'organization' | 'title'} Change
 *   What changed: `load` is another scenario, `text` the text of a policy, `policies` anything else about them.
 *
 * @typedef {import('./engine.js').Engine['ask']} Ask
 */

/** @param {PageState} initial */
export function createStore(initial) {
  let state = initial;
  let revision = 0;
  /** @type {Set<(state: PageState, change: Change) => void>} */
  const listeners = new Set();
  return {
    /**
     * Asks the engine that decides this scenario something beside the decision; whoever makes the engine puts it here.
     * @type {Ask}
     */
    ask: () => Promise.reject(new Error('there is no engine')),
    get state() {
      return state;
    },
    /** Grows with every change. */
    get revision() {
      return revision;
    },
    /** @param {PageState} next @param {Change} change */
    set(next, change) {
      state = next;
      revision += 1;
      for (const listener of listeners) listener(state, change);
    },
    /** @param {(state: PageState, change: Change) => void} listener */
    subscribe(listener) {
      listeners.add(listener);
    },
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */
