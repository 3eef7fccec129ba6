// AWS's own policies on the page: the dialog that finds one by its name, and the bar over the text of one that is
// attached. Loaded with the first of them.
// @ts-check

import { debounce, freshId, h, replace } from './dom.js';
import { kindInfo } from './kinds.js';
import { toast } from './notices.js';
import { isManaged, newPolicy } from './scenario.js';

/**
 * @typedef {import('../pkg/iam_playground.js').ManagedDocument} ManagedDocument
 * @typedef {import('../pkg/iam_playground.js').ManagedName} ManagedName
 * @typedef {import('./types.d.ts').PagePolicy} PagePolicy
 * @typedef {import('./types.d.ts').PolicyKindName} PolicyKindName
 * @typedef {import('./store.js').Store} Store
 */

/** What an AWS managed policy can be attached as. @type {PolicyKindName[]} */
const KINDS = ['identity', 'permissionsBoundary', 'session', 'scp', 'rcp'];

/**
 * Asks for a policy, and hands it on.
 * @param {HTMLElement} place  where the dialog stands
 * @param {Store} store
 * @param {(policy: PagePolicy) => void} put
 */
export function chooseManagedPolicy(place, store, put) {
  const titleId = freshId('managed-title');
  const kind = h(
    'select',
    { data: { testid: 'managed-kind' }, onchange: () => void search() },
    ...KINDS.map((name) => h('option', { value: name }, kindInfo(name).one)),
  );
  const query = h('input', {
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'ReadOnlyAccess, s3 read, arn:aws:iam::aws:policy/…',
    data: { testid: 'managed-search' },
    oninput: () => later.call(),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        list.querySelector('button')?.focus();
      } else if (event.key === 'Enter') {
        event.preventDefault();
        void search().then(() => list.querySelector('button')?.click());
      }
    },
  });
  const count = h('p', { class: 'managed-count', role: 'status' }, 'Loading AWS’s policies …');
  const list = h('ul', {
    class: 'managed-list',
    data: { testid: 'managed-list' },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step === 0) return;
      event.preventDefault();
      const buttons = [...list.querySelectorAll('button')];
      const at = buttons.findIndex((button) => button === event.target);
      const next = buttons[at + step];
      if (next) next.focus();
      else if (step < 0) query.focus();
    },
  });
  const dialog = h(
    'dialog',
    {
      class: 'help managed-dialog',
      'aria-labelledby': titleId,
      data: { testid: 'managed-dialog' },
      onclose: () => dialog.remove(),
      onclick: (/** @type {MouseEvent} */ event) => {
        // A click on the backdrop is one on the dialog itself.
        if (event.target === dialog) dialog.close();
      },
    },
    h(
      'header',
      { class: 'help-header' },
      h('h2', { id: titleId }, 'Attach an AWS managed policy'),
      h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Close'),
    ),
    h(
      'div',
      { class: 'managed-form' },
      h('label', null, 'Attach it as', kind),
      h('label', null, 'Name', query),
    ),
    count,
    list,
  );

  const later = debounce(() => void search(), 80);
  let serial = 0;

  async function search() {
    later.cancel();
    serial += 1;
    const own = serial;
    /** @type {ManagedName[] | null} */
    const found = await store.ask('managedPolicies', [query.value, kind.value], ['managed-names']).catch(() => null);
    // A later question is under way.
    if (own !== serial) return;
    if (!found) {
      count.textContent = 'AWS’s policies could not be loaded. A policy can still be written by hand.';
      list.replaceChildren();
      return;
    }
    count.textContent = found[0]?.nearest ? 'No AWS managed policy is called so. Did you mean this one?' : words(found.length, query.value);
    // Who went down into the list before it was up to date stays there, or at the search where it is gone.
    const within = list.contains(document.activeElement);
    replace(list, found.map((policy) => h('li', null, choice(policy))));
    if (within && !list.contains(document.activeElement)) query.focus();
    list.scrollTop = 0;
  }

  /** @param {ManagedName} policy */
  function choice({ name, arn, serviceLinked }) {
    return h(
      'button',
      {
        type: 'button',
        data: { testid: 'managed-choice', name, key: name },
        onclick: () => {
          dialog.close();
          const start = newPolicy(store.state, /** @type {PolicyKindName} */ (kind.value));
          put({ ...start, name: '', text: '', rest: { managedPolicy: name } });
        },
      },
      name,
      h('small', null, arn, serviceLinked && ' (only for a service’s own role)'),
    );
  }

  place.after(dialog);
  dialog.showModal();
  query.focus();
  void search();
}

/** @param {number} count @param {string} query */
function words(count, query) {
  if (count === 0) return query.trim() ? 'No AWS managed policy is called so.' : 'There are none of this kind.';
  if (count === 50) return 'The first 50; more of the name narrows them down.';
  return count === 1 ? 'One policy.' : `${count} policies.`;
}

/**
 * Fills the bar over the text of an AWS managed policy.
 * @param {HTMLElement} bar
 * @param {PagePolicy} policy
 * @param {Store} store
 */
export async function showManagedBar(bar, policy, store) {
  const named = String(policy.rest.managedPolicy);
  bar.replaceChildren(h('span', null, 'AWS managed policy ', h('code', null, named)));
  /** @type {ManagedDocument | null} */
  const found = await store.ask('managedPolicy', [named, policy.kind], ['managed-policies']).catch(() => null);
  if (!found) return;
  bar.replaceChildren(
    h(
      'span',
      { class: 'managed-arn' },
      'AWS managed policy ',
      h('code', null, found.arn),
      found.version && `, ${found.version}`,
      '; only AWS edits it',
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'button small',
        data: { testid: 'edit-copy' },
        onclick: () => {
          editCopy(policy.id, found, store, /** @type {import('./dom.js').Root} */ (bar.getRootNode()));
          /** @type {HTMLElement | null | undefined} */ (bar.parentElement?.querySelector('.cm-content'))?.focus();
        },
      },
      'Edit a copy',
    ),
  );
}

/**
 * Puts a policy of one's own in the place of AWS's.
 * @param {string} id
 * @param {ManagedDocument} found
 * @param {Store} store
 * @param {import('./dom.js').Root} root
 */
function editCopy(id, found, store, root) {
  const before = store.state.policies.find((policy) => policy.id === id);
  if (!before || !isManaged(before)) return;
  const { managedPolicy: _, ...rest } = before.rest;
  const copy = { ...before, name: before.name || `${found.name}-copy`, text: found.document, rest };
  /** @param {PagePolicy} next */
  const swap = (next) => {
    const policies = store.state.policies.map((policy) => (policy.id === id ? next : policy));
    store.set({ ...store.state, policies }, 'policies');
  };
  swap(copy);
  toast(`“${copy.name}” is a policy of your own now.`, { root, undo: () => swap(before) });
}
