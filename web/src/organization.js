// What a scenario says about the organization, shown once it has a policy of one.
// @ts-check

import { activeIn, h } from './dom.js';

/**
 * @typedef {import('./types.d.ts').PageState} PageState
 * @typedef {import('./types.d.ts').Organization} Organization
 * @typedef {import('./store.js').Store} Store
 */

/** @param {Store} store */
export function organizationFields(store) {
  const account = h('input', {
    inputmode: 'numeric',
    placeholder: 'not given',
    spellcheck: 'false',
    autocomplete: 'off',
    oninput: () => change('managementAccount', account.value.trim() || undefined),
  });
  const levels = h('input', {
    placeholder: 'as the policies name them',
    spellcheck: 'false',
    autocomplete: 'off',
    oninput: () => {
      const names = levels.value.split(',').map((name) => name.trim());
      const given = names.filter((name) => name !== '');
      change('scpLevels', given.length > 0 ? given : undefined);
    },
  });
  const element = h(
    'section',
    { class: 'organization', 'aria-label': 'Organization', data: { testid: 'organization' } },
    h('label', { class: 'field' }, h('span', null, 'Management account'), account),
    h('label', { class: 'field' }, h('span', null, 'Levels, from the root down'), levels),
  );

  /** @param {'managementAccount' | 'scpLevels'} field @param {unknown} value */
  function change(field, value) {
    /** @type {Organization} */
    const next = { ...store.state.organization, [field]: value };
    if (value === undefined) delete next[field];
    const organization = Object.keys(next).length > 0 ? next : undefined;
    store.set({ ...store.state, organization }, 'organization');
  }

  return {
    element,
    /** @param {PageState} state */
    isNeeded: (state) =>
      state.organization !== undefined || state.policies.some((policy) => policy.kind === 'scp' || policy.kind === 'rcp'),
    /** @param {PageState} state */
    update(state) {
      if (activeIn(element) !== account) account.value = String(state.organization?.managementAccount ?? '');
      if (activeIn(element) !== levels) {
        const given = state.organization?.scpLevels;
        levels.value = Array.isArray(given) ? given.join(', ') : '';
      }
    },
  };
}
