// Puts reports together that come in parts: what an answer says of a policy crosses from the worker once, as text, and
// again only when it changes. Reading text takes less time than copying the objects.
// @ts-check

/**
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./types.d.ts').ReportParts} ReportParts
 */

/**
 * For one worker, all of whose answers must pass through it in their order. A policy that has not changed is the same
 * object as in the report before: nobody may change a report.
 * @returns {(parts: ReportParts) => Report}
 */
export function createAssembler() {
  /** @type {Report['policies']} */
  let before = [];
  return ([text, ...policies]) => {
    /** @type {Report} */
    const report = JSON.parse(text);
    report.policies = policies.map((policy, at) => {
      const known = before[at];
      if (policy !== null) return JSON.parse(policy);
      if (!known) throw new Error('the engine refers to an answer that was never given');
      return known;
    });
    before = report.policies;
    return report;
  };
}
