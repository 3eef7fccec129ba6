// From what a report names to where it stands in the editors.
// @ts-check

import { h } from './dom.js';

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

const ENDINGS = new Map([
  ['one', 'st'],
  ['two', 'nd'],
  ['few', 'rd'],
]);
const ordinal = new Intl.PluralRules('en', { type: 'ordinal' });

/**
 * What a statement is called: its Sid, else its number as ids and the engine's sentences have it, counted from 0, and what
 * that is to a person.
 * @param {string | null | undefined} sid
 * @param {number} index
 * @returns {(string | Node)[]}
 */
export function statementName(sid, index) {
  const number = index + 1;
  return sid ? [sid] : [`Statement #${index}`, h('span', { class: 'ordinal' }, ` the ${number}${ENDINGS.get(ordinal.select(number)) ?? 'th'}`)];
}
