// Which parts of a playground are shown: `view="policies request decision"` are the three regions; single parts can be
// asked for by their own names.
// @ts-check

import { byId } from '../dom.js';

/** A part, and the regions it is in. `decision` and `request` are whole regions. */
const OUTCOME = ['verdict', 'message', 'steps', 'trace'];

const DEFAULT = ['policies', 'request', 'decision'];
/** What may be asked for; other words are passed over. */
const NAMES = [...DEFAULT, 'tests', ...OUTCOME];

/**
 * @param {ShadowRoot} root
 * @param {string | null} view
 * @param {boolean} hasTests  whether the scenario has tests: then `request` shows them too
 */
export function showView(root, view, hasTests) {
  const known = (view ?? '').toLowerCase().split(/[\s,]+/).filter((name) => NAMES.includes(name));
  const asked = new Set(known.length > 0 ? known : DEFAULT);
  const has = (/** @type {string[]} */ ...names) => names.some((name) => asked.has(name));
  /** @param {Element | null | undefined} element @param {boolean} shown */
  const show = (element, shown) => element?.classList.toggle('iam-out', !shown);

  show(byId('policies', root), has('policies'));
  const request = byId('request', root);
  show(request, has('request', 'tests'));
  request.classList.toggle('only-tests', !has('request'));
  show(byId('request-fields', root), has('request'));
  show(byId('context', root).closest('section'), has('request'));
  show(byId('tests', root).closest('section'), has('tests') || (has('request') && hasTests));

  const outcome = byId('outcome', root);
  show(outcome, has('decision', ...OUTCOME));
  const all = has('decision');
  show(byId('decision', root), all || has('verdict'));
  show(byId('error-message-box', root), all || has('message'));
  show(byId('steps-section', root), all || has('steps'));
  show(byId('trace-section', root), all || has('trace'));
  show(byId('missing-section', root), all);
  show(byId('notes-section', root), all);

  const regions = byId('regions', root);
  const shown = [...regions.children].filter((region) => region.matches('.region:not(.iam-out)'));
  regions.dataset.count = String(shown.length);
}
