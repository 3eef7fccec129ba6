// Each finding has a page: what it means, why it matters, an example with it and one without.
// @ts-check

import { h } from './dom.js';

const PAGES = 'https://github.com/iam-playground/iam-playground/blob/main/docs/diagnostics/';

/** The way to the page of a finding. @param {string} code */
export function findingPage(code) {
  return h(
    'a',
    { class: 'finding-page', href: `${PAGES}${code}.md`, target: '_blank', rel: 'noopener noreferrer', title: 'What this means, with an example' },
    code,
  );
}
