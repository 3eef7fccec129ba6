// A field with a list of proposals below it. Down and Up choose, Enter takes, Escape closes; Tab goes on as always.
// @ts-check

import { freshId, h } from './dom.js';
import { prose } from './markdown.js';

/**
 * @typedef {object} Proposal
 * @property {string} label
 * @property {string} [detail]  a word or two beside it
 * @property {string} [info]  a sentence below it
 */

/**
 * @template {Proposal} P
 * @param {HTMLInputElement} input
 * @param {object} options
 * @param {string} options.label  what the list is
 * @param {(typed: string) => Promise<P[]>} options.suggest
 * @param {(proposal: P) => boolean | void} options.choose  puts it in; `true` asks for more at once
 */
export function attachCombobox(input, { label, suggest, choose }) {
  const id = freshId('list');
  const list = h('ul', { class: 'combobox-list', id, role: 'listbox', 'aria-label': label, hidden: true });
  const status = h('span', { class: 'visually-hidden', role: 'status' });
  /** @type {P[]} */
  let shown = [];
  let at = -1;
  let serial = 0;
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', id);
  input.setAttribute('aria-expanded', 'false');
  const box = h('div', { class: 'combobox' });
  input.before(box);
  const focused = input.matches(':focus');
  box.append(input, list, status);
  // Moving a field takes its focus away.
  if (focused) input.focus();

  async function open() {
    if (input.readOnly) return;
    serial += 1;
    const own = serial;
    /** @type {P[]} */
    const found = await suggest(input.value).catch(() => []);
    if (own !== serial || !input.matches(':focus')) return;
    show(found);
  }

  /** @param {P[]} found */
  function show(found) {
    shown = found;
    at = -1;
    list.replaceChildren(
      ...found.map((proposal, index) =>
        h(
          'li',
          {
            id: `${id}-${index}`,
            role: 'option',
            'aria-selected': 'false',
            // The field keeps the focus.
            onmousedown: (/** @type {MouseEvent} */ event) => event.preventDefault(),
            onclick: () => take(proposal),
          },
          h('span', { class: 'combobox-label' }, proposal.label),
          proposal.detail && h('span', { class: 'combobox-detail' }, proposal.detail),
          proposal.info && h('span', { class: 'combobox-info' }, prose(proposal.info)),
        ),
      ),
    );
    const isOpen = found.length > 0;
    list.hidden = !isOpen;
    input.setAttribute('aria-expanded', String(isOpen));
    input.removeAttribute('aria-activedescendant');
    status.textContent = isOpen ? `${found.length} proposals` : '';
  }

  function close() {
    serial += 1;
    if (!list.hidden) show([]);
  }

  /** @param {P} proposal */
  function take(proposal) {
    close();
    if (choose(proposal) === true) void open();
  }

  /** @param {number} next */
  function move(next) {
    at = (next + shown.length) % shown.length;
    [...list.children].forEach((item, index) => item.setAttribute('aria-selected', String(index === at)));
    const item = list.children[at];
    item?.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', `${id}-${at}`);
  }

  input.addEventListener('input', () => void open());
  input.addEventListener('blur', close);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const proposal = shown[at];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) void open();
      else move(event.key === 'ArrowDown' ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === 'Enter' && proposal) {
      event.preventDefault();
      event.stopImmediatePropagation();
      take(proposal);
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  // Before what the field itself does with a key.
  input.addEventListener('keydown', onKey, { capture: true });
  return {
    open,
    close,
    /** Where the list stands open, asks anew what to propose: more may be known now. What was chosen stays chosen. */
    async refresh() {
      if (list.hidden) return;
      const chosen = shown[at]?.label;
      await open();
      const index = shown.findIndex((proposal) => proposal.label === chosen);
      if (index >= 0) move(index);
    },
  };
}
