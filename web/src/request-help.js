// Help with the request, from AWS's service data: actions to choose from, the forms that a resource's ARN can have, the
// keys that such a request carries, and remarks about requests that AWS would never make. Loaded after the first
// decision.
// @ts-check

import { attachCombobox } from './combobox.js';
import { byId, h, replace } from './dom.js';
import { sentence } from './markdown.js';
import { createMemo } from './memo.js';
import { toScenario } from './scenario.js';

/**
 * @typedef {import('../pkg/iam_playground.js').ActionInfo} ActionInfo
 * @typedef {import('../pkg/iam_playground.js').KeyInfo} KeyInfo
 * @typedef {import('../pkg/iam_playground.js').RequestHelp} RequestHelp
 * @typedef {import('../pkg/iam_playground.js').RequestNote} RequestNote
 * @typedef {import('./types.d.ts').ContextValue} ContextValue
 * @typedef {import('./store.js').Store} Store
 */

/** @param {Store} store @returns {Promise<RequestHelp>} */
const helpWith = (store) => store.ask('requestHelp', [toScenario(store.state)], ['services']);

/**
 * Makes the action's field one to choose in.
 * @param {HTMLInputElement} input
 * @param {Store} store
 * @param {(action: string) => void} put
 * @param {() => void} onDescribed  called once it is known what the actions do
 */
export function assistAction(input, store, put, onDescribed) {
  const combobox = attachCombobox(input, {
    label: 'Actions',
    suggest: async (typed) => {
      /** @type {ActionInfo[]} */
      const found = await store.ask('suggestActions', [typed, toScenario(store.state)], ['services']);
      return found.slice(0, 50).map(({ name, level, description }) => ({
        label: name,
        ...(name.endsWith(':') ? { detail: description ?? '' } : { detail: level ?? '', info: description ?? '' }),
      }));
    },
    choose: ({ label }) => {
      input.value = label;
      put(label);
      return label.endsWith(':');
    },
  });
  // The sentences are fetched for who looks for an action; the list does not wait for them.
  store.ask('dataDate', [], ['descriptions']).then(
    () => {
      void combobox.refresh();
      onDescribed();
    },
    () => undefined,
  );
  return combobox;
}

/**
 * Makes the field of a context key one to choose in.
 * @param {HTMLInputElement} input
 * @param {Store} store
 * @param {(key: string, value: ContextValue) => void} put  the key, and a value of its type to begin with
 */
export function assistKey(input, store, put) {
  return attachCombobox(input, {
    label: 'Context keys',
    suggest: async (typed) => {
      const { keys } = await helpWith(store);
      const wanted = typed.trim().toLowerCase();
      const given = new Set(Object.keys(store.state.request.context ?? {}).map((key) => key.toLowerCase()));
      const fitting = keys.filter(({ name }) => name.toLowerCase().includes(wanted) && (name.toLowerCase() === wanted || !given.has(name.toLowerCase())));
      return fitting.slice(0, 50).map((key) => ({ label: stem(key), detail: key.typeName, info: key.description ?? '', key }));
    },
    choose: ({ key }) => put(stem(key), firstValue(key)),
  });
}

/** Of a family of keys what its members begin with. @param {KeyInfo} key */
const stem = ({ name }) => name.split('${')[0] ?? name;

/** @param {KeyInfo} key @returns {ContextValue} */
function firstValue({ type, multivalued }) {
  if (multivalued) return [];
  return type === 'Bool' ? 'true' : '';
}

/**
 * Fills the place under the resource's field, and the remarks, whenever the request has changed.
 * @param {Store} store
 * @param {object} places
 * @param {HTMLElement} places.about  what the action is for
 * @param {HTMLElement} places.forms  the forms that the resource's ARN can have
 * @param {HTMLTextAreaElement | HTMLInputElement} places.resource
 * @param {(resource: string) => void} places.put
 * @param {import('./dom.js').Root} places.root
 * @returns {{ update: () => Promise<void> }}
 */
export function showRequestHelp(store, { about, forms, resource, put, root }) {
  const memo = createMemo();
  const notes = root.getElementById('request-notes');
  let serial = 0;
  let told = false;
  /** Whether the descriptions of the actions have come: from then on there is room for one. */
  let described = false;
  /** Whether the reader wants to see the forms. */
  let open = false;

  /** @param {RequestHelp} help */
  function showForms(help) {
    if (!memo('forms', [resource.value, help.action, help.known, help.description, help.resources])) return;
    // What is unknown has its remark beside the decision.
    described ||= help.description !== undefined;
    about.hidden = !described || !help.action;
    about.replaceChildren(h('p', { class: 'hint' }, help.description ?? '\u00a0'));
    forms.hidden = !help.known && !help.action;
    if (!help.known) {
      // While an action is typed its line stays free: what stands below would jump up and down with the letters.
      forms.replaceChildren(h('details', { class: 'arn-forms-room' }, h('summary', null, 'What ', h('code', null, help.action))));
      return;
    }
    if (help.resources.length === 0) {
      forms.replaceChildren(h('p', { class: 'hint' }, 'The action has no resource of its own: AWS asks for it on ', form('*', []), '.'));
      return;
    }
    const items = help.resources.map(({ type, arn, fields }) => h('li', null, h('span', { class: 'hint' }, type), form(arn, fields)));
    // Where the resource has one of the forms already, there is nothing to choose.
    const settled = help.resources.some(({ arn }) => arn === resource.value);
    const rest = items.splice(3);
    forms.replaceChildren(
      h(
        'details',
        { open: !settled || open },
        h('summary', { onclick: () => (open = forms.querySelector('details')?.open === false) }, 'What ', h('code', null, help.action), ' works on'),
        h('ul', { class: 'arn-forms' }, ...items),
        rest.length > 0 && h('details', null, h('summary', null, `${rest.length} more`), h('ul', { class: 'arn-forms' }, ...rest)),
      ),
    );
  }

  /** @param {string} arn @param {{ start: number, end: number }[]} fields */
  function form(arn, fields) {
    return h(
      'button',
      {
        type: 'button',
        class: 'text-button arn-form',
        title: 'Put it into the field',
        data: { testid: 'arn-form' },
        onclick: () => {
          resource.value = arn;
          put(arn);
          resource.focus();
          const first = fields[0];
          resource.setSelectionRange(first?.start ?? arn.length, first?.end ?? arn.length);
        },
      },
      arn,
    );
  }

  /** @param {RequestNote[]} found */
  function showNotes(found) {
    if (!notes || !memo('notes', found)) return;
    replace(
      notes,
      found.map((note, index) =>
        h(
          'li',
          { data: { code: note.code } },
          sentence(h('p', null), note.message),
          note.help && sentence(h('p', { class: 'hint' }), note.help),
          note.tests &&
            h(
              'button',
              { type: 'button', class: 'button small', data: { testid: 'add-proposed-tests', key: `tests ${index}` }, onclick: () => addTests(note) },
              note.tests.length === 1 ? 'Add it as a test' : 'Add these as tests',
            ),
        ),
      ),
    );
    byId('notes-section', root).hidden = found.length === 0 && byId('notes', root).childElementCount === 0;
  }

  /** @param {RequestNote} note */
  function addTests({ tests = [] }) {
    store.set({ ...store.state, tests: [...store.state.tests, ...tests.map((test) => ({ ...test }))] }, 'tests');
  }

  async function update() {
    serial += 1;
    const own = serial;
    try {
      const scenario = toScenario(store.state);
      const [help, found, date] = await Promise.all([
        helpWith(store),
        store.ask('requestNotes', [scenario], ['services']),
        store.ask('dataDate', [], ['services']),
      ]);
      if (own !== serial) return;
      if (date === undefined) return missing();
      told = false;
      showForms(help);
      showNotes(found);
    } catch {
      if (own === serial) missing();
    }
  }

  /** Without the data the page goes on deciding, and says what it does not know. */
  function missing() {
    if (told) return;
    told = true;
    forms.hidden = false;
    memo('forms', undefined);
    forms.replaceChildren(
      h(
        'p',
        { class: 'hint', data: { testid: 'no-data' } },
        'AWS’s list of actions could not be loaded, so nothing is known here about this action, its resources and its keys. The decision does not need it. ',
        h('button', { type: 'button', class: 'text-button', onclick: () => { told = false; void update(); } }, 'Try again'),
      ),
    );
  }

  store.subscribe((_, change) => {
    if (change === 'request' || change === 'load' || change === 'tests') void update();
  });
  void update();
  return { update };
}
