// From what a report names to where it stands in the editors.
// @ts-check

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').Place} Place
 */

/**
 * Where a statement stands; of several policies with one name, the one whose statement matches.
 * @param {string} id  `NAME#INDEX`
 * @param {Answer} answer
 * @returns {Place | undefined}
 */
export function findStatement(id, answer) {
  const at = id.lastIndexOf('#');
  const name = id.slice(0, at);
  const index = Number(id.slice(at + 1));
  /** @type {Place | undefined} */
  let first;
  for (const [number, policy] of answer.report.policies.entries()) {
    const policyId = answer.policies[number]?.id;
    const statement = policy.name === name && policy.statements.find((other) => other.index === index);
    if (!policyId || !statement) continue;
    const place = { policyId, from: statement.start.offset, to: statement.end.offset };
    if (statement.matches) return place;
    first ??= place;
  }
  return first;
}

/** @param {string[]} ids @param {Answer} answer */
export function findStatements(ids, answer) {
  return ids.map((id) => findStatement(id, answer)).filter((place) => place !== undefined);
}
