// Statement by statement: which elements held, which did not, and why. An entry points at its text in the editor,
// and the cursor in an editor marks the entry it stands in.
// @ts-check

import { byId, h, replace } from './dom.js';
import { icon } from './icons.js';
import { prose } from './markdown.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').PolicyReport} PolicyReport
 * @typedef {import('./types.d.ts').StatementReport} StatementReport
 * @typedef {import('./types.d.ts').ElementReport} ElementReport
 * @typedef {import('./types.d.ts').ConditionReport} ConditionReport
 * @typedef {import('./types.d.ts').ValueReport} ValueReport
 * @typedef {import('./types.d.ts').Spanned} Spanned
 * @typedef {import('./types.d.ts').Place} Place
 * @typedef {import('./spotlight.js').Spotlight} Spotlight
 * @typedef {import('./spotlight.js').Cursor} Cursor
 *
 * @typedef {{ element: HTMLElement, place: Place }} Entry
 */

/** So many statements are open to begin with. */
const OPEN = 12;
/** So many entries that do not match are shown before "show all". */
const FEW = 8;

/**
 * @param {Spotlight} spotlight
 * @param {import('./dom.js').Root} [root]  where the region's elements are
 */
export function createTrace(spotlight, root = document) {
  const place = byId('trace', root);
  const section = byId('trace-section', root);
  /** What the reader opened or closed, by policy and statement. @type {Map<string, boolean>} */
  const opened = new Map();
  /** Which lists of entries are shown whole. @type {Set<string>} */
  const whole = new Set();
  /** @type {Entry[]} */
  let entries = [];
  /** Statements that are open until the reader closes them. @type {Set<StatementReport>} */
  let worthOpening = new Set();
  /** The place that a click settled on. @type {Place | undefined} */
  let settled;
  /** @type {Answer | undefined} */
  let current;
  let shown = '';

  /** @param {Place} at @param {boolean} go */
  function point(at, go) {
    if (go) settled = at;
    spotlight.pointing.send({ places: [at], go });
  }

  function leave() {
    spotlight.pointing.send(settled && { places: [settled], go: false });
  }

  /**
   * Makes an element point at a place while it is pointed at or has the focus.
   * @template {HTMLElement} E
   * @param {E} element
   * @param {Place} at
   * @returns {E}
   */
  function pointing(element, at) {
    element.addEventListener('mouseenter', () => point(at, false));
    element.addEventListener('mouseleave', leave);
    element.addEventListener('focus', () => point(at, false));
    element.addEventListener('blur', leave);
    element.addEventListener('click', () => point(at, true));
    entries.push({ element, place: at });
    return element;
  }

  /** @param {string} policyId @param {Spanned} spanned @returns {Place} */
  const placeOf = (policyId, { start, end }) => ({ policyId, from: start.offset, to: end.offset });

  /**
   * @param {string} key
   * @param {boolean} normally  whether it is open until the reader says otherwise
   * @param {Record<string, unknown>} props
   * @param {HTMLElement} summary
   * @param {() => HTMLElement[]} content  made once it is to be seen: a large policy has thousands of entries
   */
  function details(key, normally, props, summary, content) {
    const open = opened.get(key) ?? normally;
    const element = h('details', { ...props, open }, summary, open ? content() : []);
    element.addEventListener('toggle', () => {
      if (element.open && element.childElementCount === 1) element.append(...content());
      if (element.open !== (opened.get(key) ?? normally)) opened.set(key, element.open);
    });
    return element;
  }

  /** @param {PolicyReport} policy @param {string} policyId */
  function policyItem(policy, policyId) {
    const key = policyId;
    const idle = policy.notApplicable !== undefined;
    const where = [policy.kindName, policy.via && `via ${policy.via}`, policy.target && `on ${policy.target}`];
    const summary = h(
      'summary',
      { class: 'trace-policy-head', data: { key } },
      icon('chevron'),
      h('span', { class: 'trace-policy-name' }, policy.name),
      h('span', { class: 'trace-policy-kind' }, where.filter(Boolean).join(', ')),
    );
    return h(
      'li',
      { class: 'trace-policy' },
      details(key, !idle, { class: idle ? 'is-idle' : '' }, summary, () => [
        ...(idle ? [h('p', { class: 'hint' }, prose(policy.notApplicable ?? ''))] : []),
        ...(!policy.valid ? [h('p', { class: 'inline-finding finding-error' }, icon('error'), 'AWS would not save this document.')] : []),
        ...(policy.statements.length === 0 && policy.valid ? [h('p', { class: 'hint' }, 'No statements.')] : []),
        h(
          'ul',
          { class: 'trace-statements' },
          policy.statements.map((statement) => statementItem(policy, policyId, statement)),
        ),
      ]),
    );
  }

  /** @param {PolicyReport} policy @param {string} policyId @param {StatementReport} statement */
  function statementItem(policy, policyId, statement) {
    const key = `${policyId}#${statement.index}`;
    const at = placeOf(policyId, statement);
    const effect = statement.effect ?? 'unreadable';
    const summary = pointing(
      h(
        'summary',
        { class: 'trace-statement-head', data: { key } },
        icon('chevron'),
        verdict(statement.matches, statement.nearMiss ? 'near miss' : undefined),
        h('span', { class: 'trace-statement-name' }, statement.sid ?? `Statement #${statement.index}`),
        h('span', { class: `effect effect-${effect.toLowerCase()}` }, effect),
        h('span', { class: 'trace-message' }, prose(statement.message)),
      ),
      at,
    );
    const item = h(
      'li',
      {
        class: 'trace-statement',
        data: {
          statement: `${policy.name}#${statement.index}`,
          matches: statement.matches,
          effect,
          near: statement.nearMiss,
        },
      },
      details(key, worthOpening.has(statement), {}, summary, () => [
        h('ul', { class: 'trace-elements' }, ...statement.elements.map((element) => elementItem(policyId, key, element))),
      ]),
    );
    return item;
  }

  /** @param {string} policyId @param {string} parent @param {ElementReport} element */
  function elementItem(policyId, parent, element) {
    const key = `${parent} ${element.element}`;
    return h(
      'li',
      { class: 'trace-element', data: { element: element.element, matches: element.matches } },
      entryButton(policyId, key, element, [
        verdict(element.matches),
        h('span', { class: 'trace-element-name' }, element.element),
        h('span', { class: 'trace-message' }, prose(element.message)),
      ]),
      element.values && valueList(policyId, key, element.values),
      element.conditions &&
        h('ul', { class: 'trace-conditions' }, ...element.conditions.map((condition, index) => conditionItem(policyId, `${key} ${index}`, condition))),
    );
  }

  /** @param {string} policyId @param {string} key @param {ConditionReport} condition */
  function conditionItem(policyId, key, condition) {
    return h(
      'li',
      { class: 'trace-condition', data: { matches: condition.matches } },
      entryButton(policyId, key, condition, [
        verdict(condition.matches),
        h('span', { class: 'trace-element-name' }, `${condition.operator} ${condition.key}`),
        h('span', { class: 'trace-message' }, prose(condition.message)),
      ]),
      h(
        'p',
        { class: 'trace-request-values' },
        'in the request: ',
        condition.present
          ? condition.requestValues.length > 0
            ? condition.requestValues.map((value) => h('code', null, value))
            : h('em', null, 'no value')
          : h('em', null, 'absent'),
      ),
      valueList(policyId, key, condition.values),
    );
  }

  /** @param {string} policyId @param {string} key @param {ValueReport[]} values */
  function valueList(policyId, key, values) {
    const all = whole.has(key) || values.length <= FEW + 2;
    let room = FEW;
    const shown = values.filter((value) => {
      if (all || value.matches) return true;
      room -= 1;
      return room >= 0;
    });
    return h(
      'ul',
      { class: 'trace-values' },
      ...shown.map((value) =>
        h(
          'li',
          { data: { matches: value.matches } },
          entryButton(policyId, `${key} ${values.indexOf(value)}`, value, [
            icon(value.matches ? 'check' : 'dash', value.matches ? 'matches' : 'does not match'),
            h('span', { class: 'trace-value' }, value.value),
            value.resolved !== undefined && h('span', { class: 'trace-resolved' }, ` becomes ${value.resolved}`),
            value.message && h('span', { class: 'trace-message' }, prose(value.message)),
          ]),
        ),
      ),
      shown.length < values.length &&
        h(
          'li',
          null,
          h(
            'button',
            {
              type: 'button',
              class: 'text-button',
              onclick: () => {
                whole.add(key);
                if (current) render(current);
              },
            },
            `show all ${values.length}`,
          ),
        ),
    );
  }

  /** @param {string} policyId @param {string} key @param {Spanned} spanned @param {(Node | string | false | undefined)[]} content */
  function entryButton(policyId, key, spanned, content) {
    return pointing(
      h('button', { type: 'button', class: 'trace-entry', data: { key } }, ...content),
      placeOf(policyId, spanned),
    );
  }

  /** @param {Answer} answer */
  function show(answer) {
    const now = JSON.stringify([answer.report.policies, answer.policies.map((policy) => policy.id)]);
    if (now === shown) return;
    shown = now;
    render(answer);
  }

  /** @param {Answer} answer */
  function render(answer) {
    current = answer;
    worthOpening = new Set(interesting(answer.report.policies));
    entries = [];
    const { policies } = answer.report;
    section.hidden = policies.length === 0;
    replace(
      place,
      policies.map((policy, index) => policyItem(policy, answer.policies[index]?.id ?? '')),
    );
    mark(lastCursor);
  }

  /** @type {Cursor | undefined} */
  let lastCursor;

  /** Marks the entries that the cursor stands in; the smallest is the current one. @param {Cursor | undefined} cursor */
  function mark(cursor) {
    /** @type {Entry | undefined} */
    let best;
    /** @type {Element | null | undefined} */
    let statement;
    for (const entry of entries) {
      entry.element.removeAttribute('aria-current');
      const { from, to, policyId } = entry.place;
      if (!cursor || cursor.policyId !== policyId || cursor.offset < from || cursor.offset > to) continue;
      if (entry.element.matches('.trace-statement-head')) statement = entry.element.closest('.trace-statement');
      if (!best || to - from <= best.place.to - best.place.from) best = entry;
    }
    for (const item of place.querySelectorAll('.trace-statement')) item.classList.toggle('is-current', item === statement);
    // In a closed statement only its head can be seen.
    const seen = best && best.element.checkVisibility() ? best.element : statement?.querySelector('summary');
    seen?.setAttribute('aria-current', 'true');
    if (seen instanceof HTMLElement) reveal(seen, root);
  }

  spotlight.cursor.listen((cursor) => {
    lastCursor = cursor;
    if (cursor && settled) {
      settled = undefined;
      spotlight.pointing.send(undefined);
    }
    mark(cursor);
  });

  return {
    show,
    /** Another scenario: what was opened before says nothing about it. */
    forget() {
      opened.clear();
      whole.clear();
      settled = undefined;
    },
  };
}

/**
 * The statements that say most: those that match, then the near misses, as long as they can be taken in.
 * @param {PolicyReport[]} policies
 */
function interesting(policies) {
  const statements = policies.flatMap((policy) => policy.statements);
  const matching = statements.filter((statement) => statement.matches);
  const near = statements.filter((statement) => statement.nearMiss !== undefined);
  return [...matching, ...near].slice(0, OPEN);
}

/**
 * Scrolls the region, and only the region, so that an entry can be seen: if the reader has scrolled on from the
 * verdict already. Where the regions are stacked, the page stays where the reader is typing.
 * @param {HTMLElement} element
 * @param {import('./dom.js').Root} root
 */
function reveal(element, root) {
  const region = element.closest('.region');
  if (!region || getComputedStyle(region).overflowY === 'visible') return;
  const verdict = byId('decision', root).getBoundingClientRect();
  if (verdict.bottom > region.getBoundingClientRect().top + 48) return;
  const box = element.getBoundingClientRect();
  const frame = region.getBoundingClientRect();
  const margin = 64;
  if (box.top < frame.top + margin) region.scrollTop -= frame.top + margin - box.top;
  else if (box.bottom > frame.bottom - margin) region.scrollTop += Math.min(box.bottom - frame.bottom + margin, box.top - frame.top - margin);
}

/** @param {boolean} matches @param {string} [instead] */
function verdict(matches, instead) {
  if (instead && !matches) return h('span', { class: 'mark mark-near' }, icon('near', instead));
  return h('span', { class: `mark mark-${matches ? 'yes' : 'no'}` }, icon(matches ? 'check' : 'cross', matches ? 'matches' : 'does not match'));
}
