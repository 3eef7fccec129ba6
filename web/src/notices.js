// What the page tells: toasts at the bottom (with Undo), notices at the top that stay until they are closed.
// @ts-check

import { byId, h } from './dom.js';
import { icon } from './icons.js';

/**
 * @typedef {object} Action
 * @property {string} label
 * @property {() => void} run
 */

const LIFE = 12_000;

/** The toast in a root, and what it offers to take back. @type {WeakMap<import('./dom.js').Root, { close: () => void, undo?: () => void }>} */
const shown = new WeakMap();

/**
 * Shows a toast; with `undo` it has an Undo button, and the page's undo key works on it.
 * @param {string} message
 * @param {{ undo?: () => void, focus?: boolean, back?: () => void, root?: import('./dom.js').Root }} [options]
 *   `focus` moves the focus to the button, `back` says where it goes when the toast is closed, `root` which playground it belongs to
 */
export function toast(message, options = {}) {
  const { root = document } = options;
  const place = byId('toasts', root);
  place.replaceChildren();
  /** @type {number | undefined} */
  let timer;
  const close = () => {
    clearTimeout(timer);
    const hadFocus = element.contains(root.activeElement);
    element.remove();
    if (shown.get(root)?.close === close) shown.delete(root);
    if (hadFocus) options.back?.();
  };
  const undo = () => {
    options.undo?.();
    close();
  };
  const button = options.undo && h('button', { type: 'button', class: 'button', onclick: undo }, icon('undo'), 'Undo');
  const element = h(
    'div',
    {
      class: 'toast',
      data: { testid: 'toast' },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === 'Escape') close();
      },
    },
    h('span', null, message),
    button,
    h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: close }, icon('cross')),
  );
  // A toast that someone points at or has the focus in waits.
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (element.matches(':hover, :focus-within')) wait();
      else close();
    }, LIFE);
  };
  shown.set(root, options.undo ? { close, undo } : { close });
  place.append(element);
  if (options.focus) button?.focus();
  wait();
}

/** Takes back what the page's toast offers to take back. @returns {boolean} whether there was something */
export function undoLast() {
  const undo = shown.get(document)?.undo;
  undo?.();
  return undo !== undefined;
}

/**
 * Takes the toast away, and with it what could still be undone: it is about the scenario before.
 * @param {import('./dom.js').Root} root
 */
export function dropToast(root) {
  shown.get(root)?.close();
}

/**
 * Shows a notice at the top of the page; a later one of the same kind takes its place.
 * @param {string} kind
 * @param {'info' | 'warning' | 'error'} severity
 * @param {string} message
 * @param {Action[]} [actions]
 * @param {import('./dom.js').Root} [root]  which playground it belongs to
 */
export function notice(kind, severity, message, actions = [], root = document) {
  dismiss(kind, root);
  const buttons = actions.map(({ label, run }) =>
    h('button', { type: 'button', class: 'button', onclick: () => run() }, label),
  );
  byId('notices', root).append(
    h(
      'div',
      { class: `notice notice-${severity}`, data: { testid: 'notice', kind } },
      icon(severity, severity === 'info' ? 'Note' : severity === 'warning' ? 'Warning' : 'Error'),
      h('p', null, message),
      ...buttons,
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close this message', onclick: () => dismiss(kind, root) },
        icon('cross'),
      ),
    ),
  );
}

/** Takes a notice away. @param {string} kind @param {import('./dom.js').Root} [root] */
export function dismiss(kind, root = document) {
  for (const element of byId('notices', root).children) {
    if (element instanceof HTMLElement && element.dataset.kind === kind) element.remove();
  }
}
