// Which way a request took through the drawing of the evaluation, read off the report. Nothing is decided here: the
// report says which stage settled the answer, and the drawing has one way from there to the result.
// @ts-check

/**
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./flow-layout.js').Edge} Edge
 *
 * @typedef {object} Path
 * @property {(id: string, position: number) => boolean} reaches  whether the request came to a part of the drawing, seen from a position
 * @property {(edge: Edge, position: number) => boolean} takes  whether it took a line
 * @property {number} end  the position of the result: how many stages there are
 */

/** The reasons by which a grant of the resource's policy leads past the stages behind it. */
const STRAIGHT = new Set([
  'allowed-by-resource-direct',
  'allowed-by-resource-wildcard',
  'allowed-by-resource-service',
]);

/** @param {Report} report @param {boolean} twoAccounts @returns {Path} */
export function pathOf({ steps, decision, reason }, twoAccounts) {
  const order = steps.map((step) => step.stage);
  const allowed = decision === 'allowed';
  const settled = steps.findIndex((step) => step.decisive);
  const straight = allowed && !twoAccounts && STRAIGHT.has(reason.code);
  const last = straight || !allowed ? settled : steps.length - 1;
  const end = steps.length;

  /** @param {string} id @param {number} position */
  function reaches(id, position) {
    if (id === 'start') return true;
    if (id === 'denied') return decision !== null && !allowed && position >= settled;
    if (id === 'allowed' || id === 'join') return allowed && position >= end;
    const index = order.findIndex((stage) => stage === id);
    return index <= last && index <= position;
  }
  return {
    end,
    reaches,
    takes({ from, to }, position) {
      if (!reaches(from, position) || !reaches(to, position)) return false;
      if (to === 'denied') return from === order[settled];
      if (to === 'allowed' && !twoAccounts) return from === (straight ? 'resource' : order.at(-1));
      return true;
    },
  };
}

/**
 * The accounts of the caller and of the resource, where they are known and differ.
 * @param {Report} report
 */
export function accountsOf({ context }) {
  // Only what the engine worked out itself: a value typed by hand says nothing about who is asked.
  const account = (/** @type {string} */ key) => {
    const value = context.find((entry) => entry.key === key && entry.source === 'derived')?.values[0] ?? '';
    return /^\d{12}$/.test(value) ? value : undefined;
  };
  const caller = account('aws:PrincipalAccount');
  const resource = account('aws:ResourceAccount');
  return caller && resource && caller !== resource ? { caller, resource } : undefined;
}
