// What a request has to meet in a lesson that looks for one, and what each side answers where two are compared.
// @ts-check

import { h, replace } from '../dom.js';
import { icon } from '../icons.js';
import { decisionInfo } from '../kinds.js';
import { sentence } from '../markdown.js';

/**
 * @typedef {import('./course.js').Judgement} Judgement
 * @typedef {import('./course.js').Lesson} Lesson
 * @typedef {import('./panel.js').PanelEvents} PanelEvents
 * @typedef {import('./panel.js').Standing} Standing
 */

const FIELDS = { principal: 'principal', action: 'action', resource: 'resource', context: 'context' };

/** @param {Lesson} lesson @param {PanelEvents} events */
export function createSearch(lesson, events) {
  const list = h('ul', { class: 'lesson-rows', data: { testid: 'lesson-conditions' } });
  const sides = h('div', { class: 'lesson-sides', data: { testid: 'lesson-sides' } });
  const why = h('p', { class: 'lesson-found', hidden: true });
  const change = (lesson.find?.change ?? []).map((field) => FIELDS[field]).join(', ');
  const element = h(
    'section',
    { class: 'lesson-part' },
    h('h3', null, 'Find a request for which'),
    list,
    sides,
    why,
    h('p', { class: 'hint' }, `You can change: ${change}. The policies stay as they are.`),
  );
  return {
    element,
    /** @param {Judgement} judgement @param {Standing} standing */
    show({ found, problem }, { side, predicting }) {
      if (!found) return;
      const unknown = problem !== undefined || predicting;
      replace(
        list,
        ...found.conditions.map(({ name, met, why: reason }) =>
          h(
            'li',
            { class: 'lesson-row', data: { testid: 'lesson-condition', pass: unknown ? '' : met } },
            h('span', { class: 'lesson-row-mark' }, unknown ? icon('dash', 'not known yet') : icon(met ? 'check' : 'cross', met ? 'met' : 'not met')),
            h(
              'div',
              { class: 'lesson-row-body' },
              sentence(h('p', { class: 'lesson-row-name' }), name),
              !unknown && !met && reason !== undefined && sentence(h('p', { class: 'lesson-row-why' }), reason),
            ),
          ),
        ),
      );
      why.hidden = found.why === undefined || unknown;
      sentence(why, found.why ?? '');
      if (found.sides.length > 1) {
        replace(
          sides,
          ...found.sides.map(({ name, decision, reason }, at) =>
            h(
              'div',
              { class: 'lesson-side', data: { decision: unknown ? 'none' : decision } },
              h(
                'button',
                {
                  type: 'button',
                  class: 'button small',
                  'aria-pressed': String(at === side),
                  data: { testid: 'lesson-side', key: `side ${at}` },
                  onclick: () => events.side(at),
                },
                `Look at “${name}”`,
              ),
              h('p', { class: 'lesson-side-answer' }, icon(decisionInfo(unknown ? null : decision).icon), unknown ? ' …' : ` ${decisionInfo(decision).short}`),
              !unknown && sentence(h('p', { class: 'hint' }), reason),
            ),
          ),
        );
      }
    },
  };
}
