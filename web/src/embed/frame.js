// The regions of the page, grown inside a shadow root from the page's own markup.
// @ts-check

import regions from 'playground:regions';
import styles from 'playground:styles';
import { h } from '../dom.js';
import { icon } from '../icons.js';

const SVG = 'http://www.w3.org/2000/svg';

/** What a style sheet of the page around may dress: `iam-playground::part(verdict)`. */
const PARTS = {
  policies: 'policies',
  request: 'request',
  outcome: 'outcome',
  decision: 'verdict',
  reason: 'reason',
  'error-message': 'error-message',
  steps: 'steps',
  'steps-section': 'steps-section',
  trace: 'trace',
  'trace-section': 'trace-section',
  tests: 'tests',
  diagnostics: 'diagnostics',
  notices: 'notices',
};

/**
 * @param {MarkupTree} tree
 * @param {boolean} [inSvg]
 * @returns {Node}
 */
function grow(tree, inSvg = false) {
  if (typeof tree === 'string') return document.createTextNode(tree);
  const [tag, attributes, ...children] = tree;
  const svg = inSvg || tag === 'svg';
  const element = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map((child) => grow(child, svg)));
  return element;
}

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** @param {ShadowRoot} root @returns {HTMLElement} the frame, not yet in the root */
export function createFrame(root) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
  }
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const main = /** @type {HTMLElement} */ (grow(regions));
  // A document has one main part, and the page around has it.
  const frame = h(
    'div',
    { class: 'iam is-coming', part: 'frame', lang: 'en' },
    h('div', { id: 'notices', class: 'notices', role: 'status' }),
    h('div', { id: 'lesson-place', hidden: true }),
    h('div', { id: 'regions', class: 'regions' }, ...main.children),
    h('button', { type: 'button', class: 'verdict-bar', id: 'verdict-bar', 'aria-hidden': 'true', tabindex: '-1', data: { decision: 'none' } }),
    h(
      'div',
      { class: 'iam-footer', part: 'footer' },
      h('span', { id: 'timing' }),
      h('button', { type: 'button', class: 'text-button', id: 'embed-reset', hidden: true }, icon('undo'), 'Start over'),
      h('button', { type: 'button', class: 'text-button', id: 'embed-open', hidden: true }, icon('link'), 'Open in the playground'),
    ),
    h('div', { id: 'toasts', class: 'toasts', role: 'status' }),
  );
  for (const splitter of frame.querySelectorAll('.splitter')) splitter.remove();
  // Nor are its regions landmarks: a page may have twenty embeds.
  for (const section of frame.querySelectorAll('section')) section.setAttribute('role', 'group');
  for (const header of frame.querySelectorAll('header')) header.setAttribute('role', 'presentation');
  for (const [id, part] of Object.entries(PARTS)) frame.querySelector(`#${id}`)?.setAttribute('part', part);
  return frame;
}
