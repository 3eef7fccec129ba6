// The request's context: a row for each key that is given, and below them the keys the engine filled in.
// @ts-check

import { createContextRow } from './context-row.js';
import { byId, h, replace } from './dom.js';
import { icon } from './icons.js';
import { toast } from './notices.js';
import { isObject, same } from './scenario.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').ContextEntry} ContextEntry
 * @typedef {import('./types.d.ts').ContextValue} ContextValue
 * @typedef {import('./types.d.ts').RequestFields} RequestFields
 * @typedef {import('./store.js').Store} Store
 * @typedef {import('./context-row.js').ContextRow} ContextRow
 */

/**
 * @param {Store} store
 * @param {(next: RequestFields) => void} commit
 * @param {import('./dom.js').Root} [root]  where the region's elements are
 */
export function createContext(store, commit, root = document) {
  const list = h('ul', { class: 'context-rows', 'aria-label': 'Context keys given' });
  const derivedList = h('ul', { class: 'derived-rows' });
  const derivedTitle = h('summary', null, '');
  const derivedBox = h('details', { class: 'derived', data: { testid: 'derived' } }, derivedTitle, derivedList);
  const derive = h('input', {
    type: 'checkbox',
    data: { testid: 'derive' },
    onchange: () => {
      const next = { ...store.state.request };
      if (derive.checked) delete next.derive;
      else next.derive = false;
      commit(next);
    },
  });
  const addButton = h(
    'button',
    { type: 'button', class: 'button small', data: { testid: 'add-context' }, onclick: () => add('', '') },
    icon('plus'),
    'Add key',
  );
  byId('context', root).append(
    list,
    h('p', { class: 'hint context-none' }, 'No keys given: add one that a condition asks about.'),
    h('div', { class: 'row-actions' }, addButton),
    derivedBox,
    h('label', { class: 'check-label' }, derive, 'Fill in what AWS knows from the request itself'),
  );

  /** @type {ContextRow[]} */
  let rows = [];
  let shown = '';
  /** What the engine filled in last. @type {ContextEntry[]} */
  let derived = [];
  derivedBox.addEventListener('toggle', showDerived);

  /** The context that the rows stand for; of two rows with one key the first counts. */
  function collect() {
    /** @type {Map<string, ContextValue>} */
    const context = new Map();
    for (const row of rows) {
      const { key, value } = row.read();
      const first = key !== '' && !context.has(key);
      if (first) context.set(key, value);
      row.markDuplicate(key !== '' && !first);
    }
    return Object.fromEntries(context);
  }

  function changed() {
    const context = collect();
    /** @type {RequestFields} */
    const next = { ...store.state.request, context };
    if (Object.keys(context).length === 0) delete next.context;
    if (!same(next.context, store.state.request.context)) commit(next);
  }

  /** @param {string} key @param {ContextValue} value */
  function makeRow(key, value) {
    const row = createContextRow(key, value, {
      changed,
      assist: (field, put) => {
        const before = field.value;
        void import('./request-help.js').then(
          ({ assistKey }) => {
            const combobox = assistKey(field, store, put);
            if (field.value !== before) void combobox.open();
          },
          () => console.info('the list of context keys is missing'),
        );
      },
      remove: () => {
        const at = rows.indexOf(row);
        const before = store.state;
        rows = rows.filter((other) => other !== row);
        row.element.remove();
        changed();
        const { key } = row.read();
        if (key !== '') {
          toast(`Removed ${key} from the request.`, {
            root,
            undo: () => store.set({ ...store.state, request: before.request, tests: before.tests }, 'request'),
          });
        }
        const next = rows[at] ?? rows[at - 1];
        if (next) next.focusKeyField();
        else addButton.focus();
      },
    });
    return row;
  }

  /** @param {string} key @param {ContextValue} value */
  function add(key, value) {
    const row = makeRow(key, value);
    rows.push(row);
    list.append(row.element);
    changed();
    if (key === '') row.focusKeyField();
    else row.focusValue();
    row.element.scrollIntoView({ block: 'nearest' });
  }

  function update() {
    derive.checked = store.state.request.derive !== false;
    const given = store.state.request.context;
    const context = isObject(given) ? /** @type {Record<string, ContextValue>} */ (given) : {};
    if (same(collect(), context)) return;
    rows = Object.entries(context).map(([key, value]) => makeRow(key, value));
    list.replaceChildren(...rows.map((row) => row.element));
  }

  store.subscribe((_, change) => {
    if (change === 'request' || change === 'load') update();
  });
  update();

  return {
    /** A further key, or the row of that key if it is there already. @param {string} key */
    addKey(key) {
      const present = rows.find((row) => row.read().key.toLowerCase() === key.toLowerCase());
      if (!present) return add(key, '');
      present.setPresent();
      present.focusValue();
    },
    /** @param {Answer} answer */
    show(answer) {
      derived = answer.report.context.filter((entry) => entry.source === 'derived');
      const title = `Filled in from the request (${derived.length})`;
      derivedBox.hidden = derived.length === 0;
      if (derivedTitle.textContent !== title) derivedTitle.textContent = title;
      if (derivedBox.open) showDerived();
    },
  };

  /** The clock moves with every answer: the list is made where it can be seen. */
  function showDerived() {
    const now = JSON.stringify(derived);
    if (now === shown) return;
    shown = now;
    replace(derivedList, derived.map(derivedRow));
  }

  /** @param {ContextEntry} entry */
  function derivedRow(entry) {
    const value = entry.multivalued ? entry.values : (entry.values[0] ?? '');
    return h(
      'li',
      { class: 'derived-row' },
      h('span', { class: 'derived-key' }, entry.key),
      h('span', { class: 'derived-value' }, entry.values.join(', ')),
      h(
        'span',
        { class: 'derived-actions' },
        h(
          'button',
          {
            type: 'button',
            class: 'text-button',
            'aria-label': `change ${entry.key}`,
            data: { key: `change ${entry.key}` },
            onclick: () => add(entry.key, value),
          },
          'change',
        ),
        h(
          'button',
          {
            type: 'button',
            class: 'text-button',
            'aria-label': `leave out ${entry.key}`,
            data: { key: `out ${entry.key}` },
            onclick: () => add(entry.key, null),
          },
          'leave out',
        ),
      ),
    );
  }
}
