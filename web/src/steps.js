// The evaluation in AWS's order, stage by stage, as the report tells it.
// @ts-check

import { byId, h, replace } from './dom.js';
import { icon } from './icons.js';
import { sentence } from './markdown.js';
import { createMemo } from './memo.js';
import { findStatement } from './places.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').Step} Step
 * @typedef {import('./spotlight.js').Spotlight} Spotlight
 */

/** How a stage went, in words and as an icon. */
export const OUTCOMES = {
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
  const memo = createMemo();
  /** @type {Answer | undefined} */
  let latest;

  /** @param {Step} step */
  function item(step) {
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
            step.statements.map((id) => statementButton(id, `${step.stage} ${id}`, () => latest, spotlight)),
          ),
      ),
    );
  }

  return {
    /** @param {Answer} answer */
    show(answer) {
      latest = answer;
      const { steps, decision } = answer.report;
      // Where the statements stand is looked up when somebody wants to go there: it changes with every key.
      if (!memo('steps', [steps, decision, known(steps, answer)])) return;
      section.hidden = steps.length === 0;
      list.dataset.decision = decision ?? 'none';
      replace(list, steps.map(item));
    },
  };
}

/** Which of the statements of some stages have a text to go to. @param {Step[]} steps @param {Answer} answer */
export function known(steps, answer) {
  return steps.map((step) => step.statements.map((id) => findStatement(id, answer) !== undefined));
}

/**
 * A statement's id as a button that leads to its text.
 * @param {string} id
 * @param {string} key
 * @param {() => Answer | undefined} answer  the one at hand
 * @param {Spotlight} spotlight
 */
export function statementButton(id, key, answer, spotlight) {
  const find = () => {
    const current = answer();
    return current && findStatement(id, current);
  };
  const point = (/** @type {boolean} */ go) => {
    const found = find();
    if (found) spotlight.pointing.send({ places: [found], go });
  };
  if (!find()) return h('code', null, id);
  return h(
    'button',
    {
      type: 'button',
      class: 'statement-link',
      data: { key },
      onclick: () => point(true),
      onmouseenter: () => point(false),
      onmouseleave: () => spotlight.pointing.send(undefined),
    },
    id,
  );
}
