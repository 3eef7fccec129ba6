// One policy: its name, how it is attached, its editor, and in short what became of it.
// @ts-check

import { createEditor } from './editor/editor.js';
import { freshId, h, setChanged, setText } from './dom.js';
import { icon } from './icons.js';
import { kindInfo } from './kinds.js';
import { createMemo } from './memo.js';
import { toast } from './notices.js';
import { isManaged, toScenario } from './scenario.js';

/**
 * @typedef {import('./types.d.ts').PagePolicy} PagePolicy
 * @typedef {import('./types.d.ts').PolicyReport} PolicyReport
 * @typedef {import('./types.d.ts').ReportDiagnostic} ReportDiagnostic
 * @typedef {import('./store.js').Store} Store
 * @typedef {import('./spotlight.js').Spotlight} Spotlight
 */

const EXTRA = {
  via: { label: 'via', placeholder: 'attached directly', title: 'How it comes to the caller, such as “group Developers”' },
  target: { label: 'level', placeholder: 'Root', title: 'What it is attached to: the root, an OU, or the account' },
};

/**
 * @param {string} id
 * @param {Store} store
 * @param {Spotlight} spotlight
 * @param {{ remove: (id: string, byKey: boolean) => void, onFold: () => void }} events
 * @param {import('./dom.js').Root} [root]  where the card is to stand
 */
export function createCard(id, store, spotlight, { remove, onFold }, root = document) {
  const initial = store.state.policies.find((policy) => policy.id === id);
  if (!initial) throw new Error(`there is no policy ${id}`);
  const info = kindInfo(initial.kind);
  const extra = info.extra && EXTRA[info.extra];
  const bodyId = freshId('policy-body');

  const editor = createEditor({
    label: label(initial),
    text: initial.text,
    root,
    ask: (method, args, parts = ['services']) => {
      const index = store.state.policies.findIndex((policy) => policy.id === id);
      return store.ask(method, [toScenario(store.state), index, ...args], parts);
    },
    askEngine: (method, args, parts) => store.ask(method, args, parts),
    onProblem: (message) => void toast(message, { root }),
    onText: (text) => own() || change({ text }, 'text'),
    onCursor: (offset) => spotlight.cursor.send(offset === undefined ? undefined : { policyId: id, offset }),
  });

  /** Where the pointer was last seen in the text. @type {number | undefined} */
  let hovered;
  /** @param {number | undefined} offset */
  function hover(offset) {
    if (offset === hovered) return;
    hovered = offset;
    spotlight.hover.send(offset === undefined ? undefined : { policyId: id, offset });
  }
  editor.view.contentDOM.addEventListener('mousemove', ({ clientX: x, clientY: y }) => {
    hover(editor.view.posAtCoords({ x, y }) ?? undefined);
  });
  editor.view.contentDOM.addEventListener('mouseleave', () => hover(undefined));

  const name = h('input', {
    class: 'quiet-input policy-name',
    'aria-label': `Name of this ${info.one}`,
    placeholder: 'unnamed',
    spellcheck: 'false',
    autocomplete: 'off',
    data: { testid: 'policy-name' },
    oninput: () => change({ name: name.value }, 'policies'),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter') editor.view.focus();
    },
  });
  const more =
    extra &&
    h('input', {
      class: 'quiet-input policy-extra',
      placeholder: extra.placeholder,
      title: extra.title,
      spellcheck: 'false',
      autocomplete: 'off',
      data: { testid: `policy-${info.extra}` },
      oninput: () => change(info.extra === 'via' ? { via: more?.value ?? '' } : { target: more?.value ?? '' }, 'policies'),
    });

  // AWS's own policies are read, not edited; what else there is to them is loaded with the first of them.
  const managed = h('div', { class: 'policy-managed', hidden: true, data: { testid: 'managed-policy' } });
  let managedShown = '';

  const memo = createMemo();
  const status = h('span', { class: 'policy-status' });
  const body = h('div', { class: 'policy-body', id: bodyId }, editor.view.dom);
  const note = h('p', { class: 'policy-note', hidden: true });
  const fold = h(
    'button',
    {
      type: 'button',
      class: 'icon-button fold',
      'aria-expanded': 'true',
      'aria-controls': bodyId,
      onclick: () => {
        const open = fold.getAttribute('aria-expanded') !== 'true';
        unfold(open);
      },
    },
    icon('chevron'),
  );
  const formatButton = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      title: 'Format (Shift+Alt+F)',
      data: { testid: 'format' },
      onclick: () => void editor.format(),
    },
    icon('format'),
  );
  const removeButton = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      title: 'Remove',
      data: { testid: 'remove-policy' },
      onclick: (/** @type {MouseEvent} */ event) => remove(id, event.detail === 0),
    },
    icon('trash'),
  );

  const element = h(
    'article',
    { class: 'policy', data: { testid: 'policy', kind: initial.kind, policyId: id } },
    h(
      'header',
      { class: 'policy-header' },
      fold,
      h(
        'div',
        { class: 'policy-titles' },
        name,
        extra && h('label', { class: 'policy-extra-label', data: { extra: info.extra } }, h('span', null, extra.label), more),
      ),
      status,
      formatButton,
      removeButton,
    ),
    note,
    managed,
    body,
  );

  /** @param {Partial<PagePolicy>} part @param {'text' | 'policies'} what */
  function change(part, what) {
    const policies = store.state.policies.map((policy) => (policy.id === id ? { ...policy, ...part } : policy));
    store.set({ ...store.state, policies }, what);
  }

  /** Whether the text is only to be read, whatever the policy is. */
  let locked = false;

  /** Whether it is one of AWS's own, by name. */
  function own() {
    const policy = store.state.policies.find((one) => one.id === id);
    return policy !== undefined && isManaged(policy);
  }

  /** @param {PagePolicy} policy */
  function showManaged(policy) {
    const is = isManaged(policy);
    editor.setReadOnly(is || locked);
    managed.hidden = !is;
    formatButton.hidden = is || locked;
    const now = is ? String(policy.rest.managedPolicy) : '';
    if (now === managedShown) return;
    managedShown = now;
    if (is) void import('./managed.js').then(({ showManagedBar }) => showManagedBar(managed, policy, store));
  }

  /** @param {boolean} open */
  function unfold(open) {
    fold.setAttribute('aria-expanded', String(open));
    body.hidden = !open;
    onFold();
  }

  return {
    element,
    editor,
    focusName() {
      name.focus();
    },
    /** Takes over what the state says. @param {PagePolicy} policy */
    update(policy) {
      if (name.value !== policy.name) name.value = policy.name;
      const value = info.extra === 'via' ? policy.via : policy.target;
      if (more && more.value !== value) more.value = value;
      const called = label(policy);
      setChanged(name, { title: policy.name });
      setChanged(element, { 'data-name': policy.name, 'aria-label': called });
      setChanged(fold, { 'aria-label': `Show the text of ${called}` });
      setChanged(formatButton, { 'aria-label': `Format ${called}` });
      setChanged(removeButton, { 'aria-label': `Remove ${called}` });
      editor.setLabel(called);
      showManaged(policy);
      if (!isManaged(policy)) editor.setText(policy.text);
    },
    /**
     * @param {PagePolicy} policy  as it was when the report was asked for
     * @param {PolicyReport | undefined} report
     * @param {ReportDiagnostic[]} diagnostics
     * @param {boolean} stale
     */
    show(policy, report, diagnostics, stale) {
      element.classList.toggle('is-stale', stale);
      element.classList.toggle('is-idle', report?.notApplicable !== undefined);
      setChanged(name, { placeholder: report?.name ?? 'unnamed' });
      if (!policy.name && report) setChanged(element, { 'data-name': report.name });
      note.hidden = !report?.notApplicable;
      setText(note, report?.notApplicable ?? '');
      const found = badges(report, diagnostics);
      if (memo('badges', found)) status.replaceChildren(...found.map(badge));
      // A text with a gap in its syntax has no statements to speak of: its marks stay as they were.
      const readable = report && (report.valid || report.statements.length > 0);
      const statements = report?.notApplicable ? [] : report?.statements;
      const text = isManaged(policy) ? (report?.text ?? '') : policy.text;
      if (isManaged(policy) && own()) editor.setText(text);
      editor.show(text, readable ? statements : stale ? undefined : [], diagnostics);
    },
    /** @param {{ from: number, to: number }[]} ranges @param {boolean} go */
    point(ranges, go) {
      if (go) unfold(true);
      editor.point(ranges, go);
    },
    unpoint() {
      editor.unpoint();
    },
    unfold,
    isOpen: () => !body.hidden,
    /**
     * Locks what may not be changed.
     * @param {{ text: boolean, frame: boolean }} locks  the document; name, way and the card itself
     */
    restrict({ text, frame }) {
      locked = text;
      editor.setReadOnly(text || own());
      for (const field of [name, more]) if (field) field.readOnly = frame;
      removeButton.hidden = frame;
      formatButton.hidden = text || own();
      element.classList.toggle('is-locked', text);
    },
    /** The card is no longer on the page. */
    leave() {
      editor.unpoint();
    },
  };
}

/** @typedef {ReturnType<typeof createCard>} Card */

/** @param {PagePolicy} policy */
function label(policy) {
  const { one } = kindInfo(policy.kind);
  return policy.name ? `${one} ${policy.name}` : one;
}

/**
 * What became of a policy, in short.
 * @typedef {{ look: 'allow' | 'deny' | 'near' | 'error', title: string, words: string }} Badge
 */

/** @param {PolicyReport | undefined} report @param {ReportDiagnostic[]} diagnostics @returns {Badge[]} */
function badges(report, diagnostics) {
  /** @type {Badge[]} */
  const badges = [];
  for (const [effect, look] of /** @type {const} */ ([
    ['Allow', 'allow'],
    ['Deny', 'deny'],
  ])) {
    const number = report?.statements.filter((statement) => statement.matches && statement.effect === effect).length ?? 0;
    if (number === 0 || report?.notApplicable) continue;
    badges.push({ look, title: `${number} ${effect} ${number === 1 ? 'statement matches' : 'statements match'}`, words: effect });
  }
  const near = report?.statements.filter((statement) => statement.nearMiss).length ?? 0;
  if (near > 0 && !report?.notApplicable) {
    badges.push({ look: 'near', title: `${near} ${near === 1 ? 'statement' : 'statements'} would match, but for one element`, words: 'near miss' });
  }
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  if (errors > 0) badges.push({ look: 'error', title: '', words: `${errors} ${errors === 1 ? 'error' : 'errors'}` });
  return badges;
}

const SIGNS = /** @type {const} */ ({ allow: 'check', deny: 'cross', near: 'near' });

/** @param {Badge} badge */
function badge({ look, title, words }) {
  const sign = look === 'error' ? icon('error') : icon(SIGNS[look], title);
  return h('span', { class: `badge badge-${look}`, title: title || undefined }, sign, words);
}
