// The help sheet and the keys that work while nothing is being typed.
// @ts-check

import { byId, h, isTyping } from './dom.js';
import { undoLast } from './notices.js';
import { recall, remember } from './storage.js';

/** @type {[string, [string[], string][]][]} */
const SHEET = [
  [
    'Anywhere outside a text',
    [
      [['?'], 'this help'],
      [['u'], 'undo what the last message offers to undo'],
      [['e'], 'examples, to search'],
      [['c'], 'copy the scenario as …'],
      [['1'], 'to the policies'],
      [['2'], 'to the request'],
      [['3'], 'to the decision'],
      [[','], 'back along the evaluation; . goes on'],
    ],
  ],
  [
    'In a policy’s text',
    [
      [['Tab'], 'on to the next control: Tab is never caught'],
      [['Ctrl', ']'], 'indent the line; Ctrl [ takes it back'],
      [['Ctrl', 'Space'], 'what could be written here; Enter takes it, and goes to the next part to fill'],
      [['Ctrl', 'I'], 'what stands at the cursor means, and does with this request'],
      [['Shift', 'Alt', 'F'], 'format'],
      [['Ctrl', 'F'], 'search and replace'],
      [['Ctrl', 'Z'], 'undo; Ctrl Y to redo'],
      [['F8'], 'to the next finding'],
      [['Ctrl', 'Shift', 'M'], 'list of the findings'],
      [['Esc'], 'close what is open: search, list or hint'],
    ],
  ],
  [
    'Between the regions',
    [
      [['←', '→'], 'on a bar between two regions: move it'],
      [['Enter'], 'on an entry of the trace: to its lines'],
    ],
  ],
];

/** @param {{ back: () => void, forward: () => void, examples: () => void }} actions */
export function setUpHelp({ back, forward, examples }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('help'));
  const isMac = /mac|iphone|ipad/i.test(navigator.platform);
  byId('help-keys').replaceChildren(
    ...SHEET.map(([title, rows]) =>
      h(
        'section',
        null,
        h('h3', null, title),
        h(
          'dl',
          null,
          ...rows.map(([keys, words]) =>
            h(
              'div',
              null,
              h('dt', null, ...keys.map((key) => h('kbd', null, isMac ? key.replace('Ctrl', '⌘').replace('Alt', '⌥') : key))),
              h('dd', null, words),
            ),
          ),
        ),
      ),
    ),
  );

  const single = /** @type {HTMLInputElement} */ (byId('single-keys'));
  single.checked = recall('single-keys') !== 'off';
  single.addEventListener('change', () => remember('single-keys', single.checked ? undefined : 'off'));

  const open = () => dialog.showModal();
  byId('help-button').addEventListener('click', open);
  byId('help-close').addEventListener('click', () => dialog.close());
  // A click on the backdrop is one on the dialog itself.
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });

  /** @type {Record<string, () => void>} */
  const keys = {
    '?': open,
    u: () => void undoLast(),
    1: () => byId('policies').focus(),
    2: () => byId('request').focus(),
    3: () => byId('outcome').focus(),
    e: examples,
    c: () => byId('copy-as').click(),
    ',': back,
    '.': forward,
  };
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!single.checked || document.querySelector('dialog[open]') || isTyping(event.target)) return;
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/**
 * The page in three sentences, for a first visit. Closed once, it does not come back.
 * @param {boolean} known  the visitor has been here, or came for something in particular
 */
export function setUpWelcome(known) {
  const element = byId('welcome');
  element.hidden = known || recall('welcome') === 'closed';
  byId('welcome-close').addEventListener('click', () => {
    remember('welcome', 'closed');
    element.hidden = true;
    byId('policies').focus({ preventScroll: true });
  });
}
