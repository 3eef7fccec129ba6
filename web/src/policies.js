// The first region: one card with an editor for each policy, grouped by kind; adding and removing them.
// @ts-check

import { activeIn, byId, debounce, h, setText } from './dom.js';
import { icon } from './icons.js';
import { KINDS, isKind, kindInfo } from './kinds.js';
import { toast } from './notices.js';
import { organizationFields } from './organization.js';
import { createCard } from './policy-card.js';
import { newPolicy } from './scenario.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').PageState} PageState
 * @typedef {import('./types.d.ts').PolicyKindName} PolicyKindName
 * @typedef {import('./types.d.ts').ReportDiagnostic} ReportDiagnostic
 * @typedef {import('./policy-card.js').Card} Card
 * @typedef {import('./store.js').Store} Store
 * @typedef {import('./spotlight.js').Spotlight} Spotlight
 */

/** From how many policies on they can be folded at once. */
const MANY = 3;

/**
 * @param {Store} store
 * @param {Spotlight} spotlight
 * @param {import('./dom.js').Root} [root]  where the region's elements are
 */
export function createPolicies(store, spotlight, root = document) {
  const place = byId('policy-groups', root);
  const count = byId('policy-count', root);
  /** @type {Map<string, Card>} */
  const cards = new Map();
  const organization = organizationFields(store);
  /** Which cards are on the page, in which order. */
  let drawn = '';

  const kindSelect = h(
    'select',
    { id: 'add-policy-kind', data: { testid: 'add-policy-kind' }, 'aria-label': 'Kind of the new policy' },
    ...KINDS.map((info) => h('option', { value: info.kind }, upperFirst(info.one))),
    h('option', { value: 'managed' }, 'AWS managed policy…'),
  );
  // A scenario of many policies is read by their names, and one of them at a time.
  const foldAll = h('button', {
    type: 'button',
    class: 'text-button fold-all',
    hidden: true,
    data: { testid: 'fold-all' },
    onclick: () => {
      const open = !someOpen();
      for (const { id } of store.state.policies) cards.get(id)?.unfold(open);
    },
  });
  if (root === document) count.after(foldAll);

  function someOpen() {
    return store.state.policies.some(({ id }) => cards.get(id)?.isOpen());
  }

  function showFoldAll() {
    foldAll.hidden = store.state.policies.length < MANY;
    setText(foldAll, someOpen() ? 'Fold all' : 'Unfold all');
  }

  byId('add-policy-row', root).append(
    kindSelect,
    h(
      'button',
      {
        type: 'button',
        class: 'button primary',
        'aria-label': 'Add policy',
        data: { testid: 'add-policy' },
        onclick: () => {
          if (kindSelect.value === 'managed') void chooseManaged();
          else add(/** @type {PolicyKindName} */ (kindSelect.value));
        },
      },
      icon('plus'),
      h('span', null, 'Add', h('span', { class: 'wide-only' }, ' policy')),
    ),
  );

  /** @param {PolicyKindName} kind */
  function add(kind) {
    put(newPolicy(store.state, kind));
  }

  async function chooseManaged() {
    const { chooseManagedPolicy } = await import('./managed.js');
    chooseManagedPolicy(place, store, put);
  }

  /** @param {import('./types.d.ts').PagePolicy} policy */
  function put(policy) {
    store.set({ ...store.state, policies: [...store.state.policies, policy] }, 'policies');
    const card = cards.get(policy.id);
    card?.element.scrollIntoView({ block: 'nearest' });
    card?.focusName();
  }

  /** @param {string} id @param {boolean} byKey */
  function remove(id, byKey) {
    const before = store.state;
    const at = before.policies.findIndex((policy) => policy.id === id);
    const policy = before.policies[at];
    if (!policy) return;
    const neighbour = before.policies[at + 1] ?? before.policies[at - 1];
    store.set({ ...before, policies: before.policies.filter((other) => other.id !== id) }, 'policies');
    toast(`Removed “${policy.name || kindInfo(policy.kind).one}”.`, {
      root,
      undo: () => {
        // Whatever was changed since stays; only the policy comes back, to where it was.
        const policies = [...store.state.policies];
        policies.splice(Math.min(at, policies.length), 0, policy);
        store.set({ ...store.state, policies }, 'policies');
        cards.get(id)?.focusName();
      },
      focus: byKey,
      back: () => {
        if (neighbour && cards.has(neighbour.id)) cards.get(neighbour.id)?.focusName();
        else kindSelect.focus();
      },
    });
  }

  /** @param {PageState} state */
  function render(state) {
    organization.update(state);
    const order = JSON.stringify([organization.isNeeded(state), state.policies.map(({ id, kind }) => [id, kind])]);
    if (order === drawn) {
      for (const policy of state.policies) cards.get(policy.id)?.update(policy);
      return;
    }
    drawn = order;
    const wanted = new Set(state.policies.map((policy) => policy.id));
    const sections = [];
    for (const info of [...KINDS, ...unknownKinds(state)]) {
      const own = state.policies.filter((policy) => policy.kind === info.kind);
      if (own.length === 0) continue;
      const elements = own.map((policy) => {
        let card = cards.get(policy.id);
        if (!card) {
          card = createCard(policy.id, store, spotlight, { remove, onFold: showFoldAll }, root);
          cards.set(policy.id, card);
        }
        card.update(policy);
        return card.element;
      });
      sections.push(group(info, own.length, elements));
    }
    if (sections.length === 0) sections.push(empty());
    if (organization.isNeeded(state)) sections.push(organization.element);
    arrange(place, sections);
    count.textContent = String(state.policies.length);
    showFoldAll();
    for (const [id, card] of cards) {
      if (!wanted.has(id)) card.leave();
    }
    tidy.call();
  }

  // A removed card is kept with its editor's history for as long as it can come back by Undo.
  const tidy = debounce(() => {
    const wanted = new Set(store.state.policies.map((policy) => policy.id));
    for (const [id, card] of cards) {
      if (wanted.has(id)) continue;
      card.editor.view.destroy();
      cards.delete(id);
    }
  }, 120_000);

  /** @param {import('./kinds.js').KindInfo} info @param {number} number @param {HTMLElement[]} elements */
  function group(info, number, elements) {
    const id = `group-${info.kind}`;
    return h(
      'section',
      // In an embed it is no landmark: the page around may have twenty of them.
      { class: 'policy-group', role: root !== document && 'group', 'aria-labelledby': id, data: { kind: info.kind } },
      h(
        'header',
        { class: 'group-header' },
        h('h3', { id }, info.title, number > 1 && h('span', { class: 'count' }, number)),
        h('p', { class: 'hint' }, info.hint),
      ),
      ...elements,
    );
  }

  function empty() {
    return h(
      'div',
      { class: 'empty', data: { testid: 'no-policies' } },
      h('p', { class: 'empty-title' }, 'No policies'),
      h('p', null, 'Nothing is allowed until a policy allows it. Add one, or pick an example above.'),
      h(
        'div',
        { class: 'empty-actions' },
        ...KINDS.slice(0, 2).map((info) =>
          h(
            'button',
            { type: 'button', class: 'button', onclick: () => add(info.kind) },
            icon('plus'),
            upperFirst(info.one),
          ),
        ),
      ),
    );
  }

  store.subscribe((state, change) => {
    if (change === 'text') {
      for (const policy of state.policies) cards.get(policy.id)?.update(policy);
    } else if (change !== 'request' && change !== 'tests') {
      render(state);
    }
  });
  spotlight.pointing.listen((pointing) => {
    for (const [id, card] of cards) {
      const own = pointing?.places.filter((place) => place.policyId === id) ?? [];
      if (own.length > 0) card.point(own, pointing?.go === true && pointing.places[0]?.policyId === id);
      else card.unpoint();
    }
  });
  render(store.state);

  return {
    /** @param {Answer} answer @param {boolean} stale */
    show(answer, stale) {
      answer.policies.forEach((policy, index) => {
        cards.get(policy.id)?.show(policy, answer.report.policies[index], findings(answer, index), stale);
      });
    },
    /** @param {string} id */
    card: (id) => cards.get(id),
    add,
  };
}

/**
 * The findings of one policy of the answer.
 * @param {Answer} answer
 * @param {number} index
 * @returns {ReportDiagnostic[]}
 */
function findings(answer, index) {
  const policyIndex = answer.report.policies[index]?.policyIndex;
  return answer.report.diagnostics.filter(
    (diagnostic) => diagnostic.policyIndex !== undefined && diagnostic.policyIndex === policyIndex,
  );
}

/** @param {PageState} state */
function unknownKinds(state) {
  return [...new Set(state.policies.map((policy) => policy.kind))].filter((kind) => !isKind(kind)).map(kindInfo);
}

/**
 * Puts the groups in place. Cards move only if they must: moving one takes the focus out of its editor.
 * @param {HTMLElement} place
 * @param {HTMLElement[]} sections
 */
function arrange(place, sections) {
  const active = activeIn(place);
  place.replaceChildren(...sections);
  if (active instanceof HTMLElement && active !== activeIn(place) && place.contains(active)) {
    active.focus({ preventScroll: true });
  }
}

/** @param {string} text */
function upperFirst(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
