// What AWS said, pasted: a dialog that shows what the engine read in it, and puts the request in place. Loaded when it is
// first opened.
// @ts-check

import { debounce, freshId, h } from './dom.js';
import { sentence } from './markdown.js';
import { toast } from './notices.js';
import { copyText } from './session.js';

/**
 * @typedef {import('../pkg/iam_playground.js').Reading} Reading
 * @typedef {import('./types.d.ts').RequestFields} RequestFields
 * @typedef {import('./types.d.ts').ScenarioTest} ScenarioTest
 * @typedef {import('./store.js').Store} Store
 *
 * @typedef {object} PasteOptions
 * @property {Store} store
 * @property {(next: RequestFields) => void} commit
 * @property {HTMLElement} back  where the focus goes afterwards, and beside which the dialog stands
 * @property {string} [text]  what to read at once
 */

/**
 * What the engine reads in a text; `undefined` where it is nothing of AWS's, or there is no engine to ask.
 * @param {string} text
 * @param {Store} store
 * @returns {Promise<Reading | undefined>}
 */
export async function recognise(text, store) {
  try {
    /** @type {Reading} */
    const reading = await store.ask('readMessage', [text]);
    return reading.kind === 'nothing' ? undefined : reading;
  } catch {
    return undefined;
  }
}

/** @param {PasteOptions} options */
export function openPaste({ store, commit, back, text = '' }) {
  const titleId = freshId('paste-title');
  const inputId = freshId('paste');
  const input = h('textarea', {
    id: inputId,
    class: 'code-input',
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: 'An error occurred (AccessDenied) when calling …',
    data: { testid: 'paste-text' },
    oninput: () => later.call(),
  });
  const result = h('div', { role: 'status', data: { testid: 'paste-result' } });
  const withTest = h('input', { type: 'checkbox', checked: true, data: { testid: 'paste-with-test' } });
  const withTestLabel = h('label', { class: 'check-label', hidden: true }, withTest, ' AWS’s answer as a test');
  const put = h(
    'button',
    { type: 'button', class: 'button primary', disabled: true, data: { testid: 'paste-put' }, onclick: () => apply() },
    'Put into the request',
  );
  const dialog = h(
    'dialog',
    {
      class: 'help paste-dialog',
      'aria-labelledby': titleId,
      data: { testid: 'paste-dialog' },
      onclose: () => {
        dialog.remove();
        back.focus();
      },
      onclick: (/** @type {MouseEvent} */ event) => {
        // A click on the backdrop is one on the dialog itself.
        if (event.target === dialog) dialog.close();
      },
    },
    h(
      'header',
      { class: 'help-header' },
      h('h2', { id: titleId }, 'Paste what AWS said'),
      h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Close'),
    ),
    h(
      'label',
      { for: inputId },
      'An AccessDenied message with whatever is around it, the output of decode-authorization-message, or a CloudTrail event. It stays in your browser.',
    ),
    input,
    result,
    h('div', { class: 'paste-actions' }, put, withTestLabel),
  );

  /** @type {Reading | undefined} */
  let reading;
  let serial = 0;
  const later = debounce(() => void read(), 150);

  async function read() {
    serial += 1;
    const own = serial;
    const pasted = input.value;
    if (pasted.trim() === '') {
      show(undefined);
      return;
    }
    try {
      const found = await store.ask('readMessage', [pasted]);
      // A later text is being read.
      if (own === serial) show(found);
    } catch {
      if (own !== serial) return;
      show(undefined);
      result.replaceChildren(h('p', null, 'The engine that reads it could not be loaded.'));
    }
  }

  /** @param {Reading | undefined} next */
  function show(next) {
    reading = next;
    put.disabled = next?.request === undefined;
    withTestLabel.hidden = tests(next).length === 0;
    result.dataset.kind = next?.kind ?? '';
    result.replaceChildren(...(next ? describe(next) : []));
  }

  function apply() {
    if (!reading?.request) return;
    const before = store.state;
    const added = withTest.checked ? tests(reading) : [];
    commit(merged(before.request, /** @type {RequestFields} */ (reading.request)));
    const after = [...store.state.tests, ...added.map((test) => ({ ...test, name: freeName(test.name, store.state.tests) }))];
    if (added.length > 0) store.set({ ...store.state, tests: after }, 'tests');
    dialog.close();
    toast('The request is what AWS was asked.', {
      undo: () => {
        store.set({ ...store.state, request: before.request }, 'request');
        store.set({ ...store.state, tests: before.tests }, 'tests');
      },
    });
  }

  back.after(dialog);
  dialog.showModal();
  input.focus();
  if (text !== '') {
    input.value = text;
    void read();
  }
}

/** @param {Reading | undefined} reading @returns {ScenarioTest[]} */
function tests(reading) {
  return /** @type {ScenarioTest[]} */ (reading?.scenario?.tests ?? []);
}

/** @param {string} name @param {ScenarioTest[]} taken */
function freeName(name, taken) {
  const names = new Set(taken.map((test) => test.name));
  let free = name;
  for (let n = 2; names.has(free); n += 1) free = `${name} (${n})`;
  return free;
}

/**
 * What was read takes the place of what it speaks of; what it does not tell stays.
 * @param {RequestFields} old
 * @param {RequestFields} read
 * @returns {RequestFields}
 */
function merged(old, read) {
  const { resourceAccount, ...rest } = old;
  const kept = read.resource === undefined && resourceAccount !== undefined ? old : rest;
  /** @type {Record<string, unknown>} */
  const next = { ...kept, ...read };
  if (read.principal !== undefined && !('sessionIssuer' in read)) delete next.sessionIssuer;
  return next;
}

/** @param {Reading} reading */
function describe(reading) {
  const { command } = reading;
  return [
    sentence(h('p', { class: 'paste-message' }), reading.message),
    reading.facts.length > 0 &&
      h(
        'dl',
        { class: 'paste-facts' },
        ...reading.facts.flatMap((fact) => [h('dt', null, fact.label), h('dd', null, h('code', null, fact.value))]),
      ),
    h('ul', { class: 'paste-next' }, ...reading.next.map((line) => sentence(h('li', null), line))),
    command !== undefined &&
      h(
        'button',
        { type: 'button', class: 'button small', data: { testid: 'paste-command' }, onclick: () => void copyText(command, 'the command') },
        'Copy the command that decodes it',
      ),
  ].filter((child) => child !== false);
}
