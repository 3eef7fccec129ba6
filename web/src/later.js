// What the page gets once the first decision stands and the whole engine is there: loaded then, in one piece.
// @ts-check

import { byId } from './dom.js';
import { createSweep } from './sweep.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').RequestFields} RequestFields
 * @typedef {import('./engine.js').Engine} Engine
 * @typedef {import('./store.js').Store} Store
 */

/**
 * @param {object} page
 * @param {Store} page.store
 * @param {Engine['ask']} page.ask
 * @param {(next: RequestFields) => void} page.commit
 */
export function setUpLater({ store, ask, commit }) {
  const sweep = createSweep({
    section: byId('sweep-section'),
    place: byId('sweep'),
    store,
    commit,
    evaluate: (scenario) => ask('evaluate', [scenario], []),
  });
  // Without the data there is no date to tell.
  ask('dataDate', []).then(
    (date) => {
      if (typeof date === 'string') byId('data-date').textContent = `AWS data of ${date}`;
    },
    () => {},
  );
  return {
    /** @param {Answer} answer */
    show: (answer) => sweep.show(answer),
    forget: () => sweep.forget(),
  };
}
