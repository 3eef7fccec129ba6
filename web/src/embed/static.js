// A scenario as plain text: shown until the engine comes, and where it cannot.
// @ts-check

import { h } from '../dom.js';
import { inline } from '../markdown.js';
import { documentText, isObject } from '../scenario.js';

/** @param {Record<string, unknown>} scenario @returns {HTMLElement} */
export function staticView(scenario) {
  const { title, description, request, policies } = scenario;
  const fields = isObject(request) ? request : {};
  return h(
    'div',
    { class: 'static', part: 'static' },
    typeof title === 'string' && title !== '' && h('p', { class: 'static-title' }, title),
    typeof description === 'string' && h('p', null, inline(description.split(/\n\s*\n/)[0] ?? '')),
    (Array.isArray(policies) ? policies : []).filter(isObject).map((policy) => [
      h('p', { class: 'static-name' }, String(policy.name ?? policy.kind ?? 'policy')),
      h('pre', null, h('code', null, documentText(policy.document))),
    ]).flat(),
    h(
      'dl',
      null,
      ['principal', 'action', 'resource'].flatMap((name) => {
        const value = fields[name];
        return value === undefined ? [] : [h('dt', null, name), h('dd', null, typeof value === 'string' ? value : JSON.stringify(value))];
      }),
    ),
  );
}
