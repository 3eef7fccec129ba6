// The rows of a lesson: requests with the answers they should get, red or green.
// @ts-check

import { h, replace } from '../dom.js';
import { icon } from '../icons.js';
import { decisionInfo } from '../kinds.js';
import { prose, sentence } from '../markdown.js';
import { same } from '../scenario.js';

/**
 * @typedef {import('./course.js').Judgement} Judgement
 * @typedef {import('./course.js').Lesson} Lesson
 * @typedef {import('./course.js').RowResult} RowResult
 * @typedef {import('./panel.js').PanelEvents} PanelEvents
 * @typedef {import('./panel.js').Standing} Standing
 */

/** @param {Lesson} lesson @param {PanelEvents} events */
export function createRows(lesson, events) {
  const heading = lesson.find ? 'What its author had in mind' : 'What has to hold';
  const list = h('ul', { class: 'lesson-rows', data: { testid: 'lesson-rows' } });
  const hiddenList = h('ul', { class: 'lesson-rows', data: { testid: 'lesson-hidden-rows' } });
  const summary = h('summary', null);
  const hidden = h('details', { class: 'lesson-hidden', hidden: true, data: { testid: 'lesson-hidden' } }, summary, hiddenList);
  const element = h('section', { class: 'lesson-part' }, h('h3', null, heading), list, hidden);
  /** Whether the hidden rows were opened or closed by what happened, so that a reader's own choice stays. */
  let wasReady = false;

  return {
    element,
    /** @param {Judgement} judgement @param {Standing} standing */
    show({ rows, problem }, standing) {
      const stale = problem !== undefined && !lesson.find;
      element.classList.toggle('is-stale', stale);
      const visible = rows.filter((row) => !row.hidden);
      const secret = rows.filter((row) => row.hidden);
      replace(list, ...visible.map((row) => drawRow(row, standing, stale)));
      const ready = !stale && !standing.predicting && visible.every((row) => row.pass);
      const open = secret.filter((row) => !row.pass).length;
      hidden.hidden = secret.length === 0;
      summary.textContent = !ready
        ? `${secret.length} hidden ${secret.length === 1 ? 'row' : 'rows'}: wait until those above pass`
        : open === 0
          ? `${secret.length} hidden ${secret.length === 1 ? 'row passes' : 'rows pass'} too`
          : `${open} of ${secret.length} hidden ${secret.length === 1 ? 'row' : 'rows'} open`;
      if (ready !== wasReady) {
        hidden.open = ready && open > 0;
        wasReady = ready;
      }
      replace(hiddenList, ...(ready || hidden.open ? secret.map((row) => drawRow(row, standing, stale)) : []));
    },
  };

  /** @param {RowResult} row @param {Standing} standing @param {boolean} stale */
  function drawRow(row, standing, stale) {
    const unknown = stale || standing.predicting;
    const pass = !unknown && row.pass;
    return h(
      'li',
      {
        class: 'lesson-row',
        data: { testid: 'lesson-row', pass: unknown ? '' : row.pass, current: same(row.request, standing.request), name: row.name },
      },
      h('span', { class: 'lesson-row-mark' }, unknown ? icon('dash', 'not known yet') : icon(pass ? 'check' : 'cross', pass ? 'passes' : 'fails')),
      h(
        'div',
        { class: 'lesson-row-body' },
        sentence(h('p', { class: 'lesson-row-name' }), row.name),
        h(
          'p',
          { class: 'lesson-row-answers' },
          `expected ${decisionInfo(row.expect).short.toLowerCase()}`,
          !unknown && `, got ${decisionInfo(row.decision).short.toLowerCase()}`,
          !unknown && row.statements.length > 0 && prose(` by ${row.statements.join(', ')}`),
        ),
        !unknown && !row.pass && row.message !== undefined && sentence(h('p', { class: 'lesson-row-message' }), row.message),
        !unknown && !row.pass && sentence(h('p', { class: 'lesson-row-why' }), row.why),
      ),
      loadButton(row, events),
    );
  }
}

/**
 * Puts a row's request into the request form.
 * @param {RowResult} row @param {PanelEvents} events
 */
export function loadButton(row, events) {
  return h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      title: 'Load into the request',
      'aria-label': `Load “${row.name}” into the request`,
      data: { testid: 'lesson-row-load', key: `load ${row.name}` },
      onclick: () => events.loadRequest(row.request, row.name),
    },
    icon('load'),
  );
}
