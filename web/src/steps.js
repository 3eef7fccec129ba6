// The evaluation in AWS's order, stage by stage, as the report tells it.
// @ts-check

import { byId, h, replace } from './dom.js';
import { icon } from './icons.js';
import { sentence } from './markdown.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').Step} Step
 * @typedef {import('./types.d.ts').Place} Place
 * @typedef {import('./spotlight.js').Spotlight} Spotlight
 */

const OUTCOMES = {
  pass: { words: 'passes', icon: /** @type {const} */ ('arrow') },
  allow: { words: 'allows', icon: /** @type {const} */ ('check') },
  deny: { words: 'denies', icon: /** @type {const} */ ('cross') },
  notApplicable: { words: 'not applicable', icon: /** @type {const} */ ('dash') },
};

/**
 * @param {Spotlight} spotlight
 * @param {import('./dom.js').Root} [root]  where the region's elements are
 */
export function createSteps(spotlight, root = document) {
  const list = byId('steps', root);
  const section = byId('steps-section', root);

  /** @param {Step} step @param {Answer} answer */
  function item(step, answer) {
    const outcome = OUTCOMES[step.outcome];
    return h(
      'li',
      {
        class: 'step',
        data: { stage: step.stage, outcome: step.outcome, decisive: step.decisive },
      },
      h('span', { class: 'step-icon' }, icon(outcome.icon)),
      h(
        'div',
        { class: 'step-body' },
        h(
          'p',
          { class: 'step-head' },
          h('span', { class: 'step-title' }, step.title),
          h('span', { class: 'step-outcome' }, outcome.words),
          step.decisive && h('span', { class: 'step-decisive' }, 'decided here'),
        ),
        step.message && sentence(h('p', { class: 'step-message' }), step.message),
        step.statements.length > 0 &&
          h(
            'p',
            { class: 'step-statements' },
            step.statements.map((id) => statementButton(id, `${step.stage} ${id}`, answer, spotlight)),
          ),
      ),
    );
  }

  return {
    /** @param {Answer} answer */
    show(answer) {
      section.hidden = answer.report.steps.length === 0;
      list.dataset.decision = answer.report.decision ?? 'none';
      replace(list, answer.report.steps.map((step) => item(step, answer)));
    },
  };
}

/**
 * A statement's id as a button that leads to its text.
 * @param {string} id
 * @param {string} key
 * @param {Answer} answer
 * @param {Spotlight} spotlight
 */
function statementButton(id, key, answer, spotlight) {
  const found = findStatement(id, answer);
  if (!found) return h('code', null, id);
  return h(
    'button',
    {
      type: 'button',
      class: 'statement-link',
      data: { key },
      onclick: () => spotlight.pointing.send({ place: found, go: true }),
      onmouseenter: () => spotlight.pointing.send({ place: found, go: false }),
      onmouseleave: () => spotlight.pointing.send(undefined),
    },
    id,
  );
}

/**
 * Where a statement stands; of several policies with one name, the one whose statement matches.
 * @param {string} id  `NAME#INDEX`
 * @param {Answer} answer
 * @returns {Place | undefined}
 */
function findStatement(id, answer) {
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
