// Where the regions stand one below the other, a link in each one's header leads to the next: with ten policies the
// request is far down. (The way to the decision is the bar at the bottom.)
// @ts-check

import { byId, h } from './dom.js';

/** Which region leads where. @type {[from: string, to: string, words: string, sign: string][]} */
const JUMPS = [
  ['policies', 'request', 'Request', '↓'],
  ['request', 'policies', 'Policies', '↑'],
  ['outcome', 'request', 'Request', '↑'],
];

export function setUpJumps() {
  for (const [from, to, words, sign] of JUMPS) {
    const link = h('a', { class: 'jump', href: `#${to}`, data: { testid: `jump-${from}-${to}` } }, words, ' ', h('span', { 'aria-hidden': 'true' }, sign));
    const header = document.querySelector(`#${from} .region-header`);
    header?.insertBefore(link, header.querySelector('.region-tools, .verdict-chip, button:not(.fold-all)'));
  }
  // They leave the address to the scenario's link.
  for (const link of document.querySelectorAll('a[href="#outcome"], a.jump')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      const region = byId(link.getAttribute('href')?.slice(1) ?? '');
      region.focus({ preventScroll: true });
      region.scrollIntoView();
    });
  }
}
