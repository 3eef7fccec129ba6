// The rows of a lesson in which answers are predicted: each is guessed before it is shown.
// @ts-check

import { h, replace } from '../dom.js';
import { icon } from '../icons.js';
import { DECISIONS, decisionInfo } from '../kinds.js';
import { prose, sentence } from '../markdown.js';
import { GUESSES } from './panel.js';
import { loadButton } from './rows.js';

/**
 * @typedef {import('../types.d.ts').DecisionName} DecisionName
 * @typedef {import('../types.d.ts').RequestFields} RequestFields
 * @typedef {import('./course.js').Judgement} Judgement
 * @typedef {import('./course.js').Lesson} Lesson
 * @typedef {import('./course.js').RowResult} RowResult
 * @typedef {import('./panel.js').PanelEvents} PanelEvents
 * @typedef {import('./panel.js').Standing} Standing
 */

/** @param {Lesson} lesson @param {PanelEvents} events */
export function createReading(lesson, events) {
  const list = h('ol', { class: 'lesson-rows', data: { testid: 'lesson-rows' } });
  const element = h('section', { class: 'lesson-part lesson-reading', tabindex: '-1', 'aria-label': 'What is the answer?' }, h('h3', null, 'What is the answer?'), list);
  return {
    element,
    /** @param {Judgement} judgement @param {Standing} standing */
    show({ rows }, standing) {
      replace(list, ...rows.map((row) => drawRow(row, standing)));
    },
  };

  /** @param {RowResult} row @param {Standing} standing */
  function drawRow(row, { guesses, done }) {
    const guess = guesses[row.name];
    const right = guess === row.expect;
    return h(
      'li',
      { class: 'lesson-row', data: { testid: 'lesson-row', pass: guess === undefined ? '' : right, name: row.name } },
      h('span', { class: 'lesson-row-mark' }, guess === undefined ? icon('circle') : icon(right ? 'check' : 'cross', right ? 'right' : 'wrong')),
      h(
        'div',
        { class: 'lesson-row-body' },
        sentence(h('p', { class: 'lesson-row-name' }), row.name),
        h('p', { class: 'lesson-row-request' }, ...asked(row.request, lesson.start.request)),
        guess === undefined
          ? h(
              'div',
              { class: 'lesson-guesses', role: 'group', 'aria-label': `Your guess for “${row.name}”` },
              GUESSES.map((answer) =>
                h(
                  'button',
                  {
                    type: 'button',
                    class: 'button small',
                    title: DECISIONS[answer].hint,
                    data: { guess: answer },
                    onclick: () => {
                      events.guess(row.name, answer);
                      focusAfter(row.name);
                    },
                  },
                  DECISIONS[answer].short,
                ),
              ),
            )
          : h(
              'p',
              { class: 'lesson-row-answers', tabindex: '-1', data: { key: row.name } },
              right ? `Right: ${decisionInfo(row.expect).short.toLowerCase()}` : `You said ${decisionInfo(/** @type {DecisionName} */ (guess)).short.toLowerCase()}; it is ${decisionInfo(row.expect).short.toLowerCase()}`,
              row.statements.length > 0 && prose(` by ${row.statements.join(', ')}`),
            ),
        guess !== undefined && sentence(h('p', { class: 'lesson-row-why' }), row.why),
      ),
      done && loadButton(row, events),
    );
  }

  /** The buttons are gone: the focus goes to what took their place. @param {string} name */
  function focusAfter(name) {
    for (const place of list.querySelectorAll('[data-key]')) {
      if (place instanceof HTMLElement && place.dataset.key === name) place.focus({ preventScroll: true });
    }
  }
}

/**
 * A request in a few words: the action, the resource, and what is not as in the lesson's request.
 * @param {RequestFields} request
 * @param {RequestFields} base
 * @returns {(Node | string)[]}
 */
function asked(request, base) {
  const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : JSON.stringify(value));
  const own = JSON.stringify(request.principal) !== JSON.stringify(base.principal);
  /** @type {(Node | string)[]} */
  const parts = [];
  if (own) parts.push(h('code', null, text(request.principal)), ' asks for ');
  parts.push(h('code', null, text(request.action)), ' on ', h('code', null, text(request.resource)));
  for (const [key, value] of Object.entries(request.context ?? {})) {
    if (value === null) parts.push(', without ', h('code', null, key));
    else parts.push(', ', h('code', null, key), ` = ${Array.isArray(value) ? value.join(', ') : value}`);
  }
  return parts;
}
