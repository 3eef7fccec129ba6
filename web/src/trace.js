// Statement by statement: which elements held, which did not, and why. An entry points at its text in the editor,
// and the cursor in an editor marks the entry it stands in.
// @ts-check

import { activeIn, byId, focusKey, h, replace } from './dom.js';
import { icon } from './icons.js';
import { prose } from './markdown.js';
import { withoutPlaces } from './memo.js';
import { statementName } from './places.js';

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
 * @typedef {(policy: PolicyReport) => Spanned | undefined} Find  where in a policy's report an entry's text stands
 * @typedef {{ element: HTMLElement, policyId: string, find: Find }} Entry
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
  /** The latest report of each policy: texts move, and what is drawn of them stays. @type {Map<string, PolicyReport>} */
  const reports = new Map();
  /** What points at a text, by policy. @type {Map<string, Entry[]>} */
  const entries = new Map();
  /** The policies as they are drawn, by id: what has not changed is not drawn again. @type {Map<string, { look: string, open: string, element: HTMLElement }>} */
  const drawn = new Map();
  /** What the last mark was set on. @type {Element[]} */
  let marked = [];
  /** Statements that are open until the reader closes them. @type {Set<StatementReport>} */
  let worthOpening = new Set();
  /** The entry that a click settled on. @type {Entry | undefined} */
  let settled;
  /** @type {Answer | undefined} */
  let current;

  /** @param {Entry} entry @returns {Place | undefined} */
  function placeOf({ policyId, find }) {
    const policy = reports.get(policyId);
    const spanned = policy && find(policy);
    return spanned && { policyId, from: spanned.start.offset, to: spanned.end.offset };
  }

  /** @param {Entry | undefined} entry @param {boolean} go */
  function point(entry, go) {
    if (go) settled = entry;
    const place = entry && placeOf(entry);
    spotlight.pointing.send(place && { places: [place], go });
  }

  const leave = () => point(settled, false);

  /**
   * Makes an element point at a place while it is pointed at or has the focus.
   * @template {HTMLElement} E
   * @param {E} element
   * @param {string} policyId
   * @param {Find} find
   * @returns {E}
   */
  function pointing(element, policyId, find) {
    const entry = { element, policyId, find };
    element.addEventListener('mouseenter', () => point(entry, false));
    element.addEventListener('mouseleave', leave);
    element.addEventListener('focus', () => point(entry, false));
    element.addEventListener('blur', leave);
    element.addEventListener('click', () => point(entry, true));
    const own = entries.get(policyId);
    if (own) own.push(entry);
    else entries.set(policyId, [entry]);
    return element;
  }

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
          policy.statements.map((statement, number) => statementItem(policy, policyId, statement, (now) => now.statements[number])),
        ),
      ]),
    );
  }

  /**
   * @param {PolicyReport} policy
   * @param {string} policyId
   * @param {StatementReport} statement
   * @param {(policy: PolicyReport) => StatementReport | undefined} find
   */
  function statementItem(policy, policyId, statement, find) {
    const key = `${policyId}#${statement.index}`;
    const effect = statement.effect ?? 'unreadable';
    const summary = pointing(
      h(
        'summary',
        { class: 'trace-statement-head', data: { key } },
        icon('chevron'),
        verdict(statement.matches, statement.nearMiss ? 'near miss' : undefined),
        h('span', { class: 'trace-statement-name' }, ...statementName(statement.sid, statement.index)),
        h('span', { class: `effect effect-${effect.toLowerCase()}` }, effect),
        h('span', { class: 'trace-message' }, prose(statement.message)),
      ),
      policyId,
      find,
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
        h('ul', { class: 'trace-elements' }, ...statement.elements.map((element, number) => elementItem(policyId, key, element, (now) => find(now)?.elements[number]))),
      ]),
    );
    return item;
  }

  /**
   * @param {string} policyId
   * @param {string} parent
   * @param {ElementReport} element
   * @param {(policy: PolicyReport) => ElementReport | undefined} find
   */
  function elementItem(policyId, parent, element, find) {
    const key = `${parent} ${element.element}`;
    return h(
      'li',
      { class: 'trace-element', data: { element: element.element, matches: element.matches } },
      entryButton(policyId, key, find, [
        verdict(element.matches),
        h('span', { class: 'trace-element-name' }, element.element),
        h('span', { class: 'trace-message' }, prose(element.message)),
      ]),
      element.values && valueList(policyId, key, element.values, (now) => find(now)?.values),
      element.conditions &&
        h('ul', { class: 'trace-conditions' }, ...element.conditions.map((condition, index) => conditionItem(policyId, `${key} ${index}`, condition, (now) => find(now)?.conditions?.[index]))),
    );
  }

  /**
   * @param {string} policyId
   * @param {string} key
   * @param {ConditionReport} condition
   * @param {(policy: PolicyReport) => ConditionReport | undefined} find
   */
  function conditionItem(policyId, key, condition, find) {
    return h(
      'li',
      { class: 'trace-condition', data: { matches: condition.matches } },
      entryButton(policyId, key, find, [
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
      valueList(policyId, key, condition.values, (now) => find(now)?.values),
    );
  }

  /**
   * @param {string} policyId
   * @param {string} key
   * @param {ValueReport[]} values
   * @param {(policy: PolicyReport) => ValueReport[] | undefined} find
   */
  function valueList(policyId, key, values, find) {
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
          entryButton(policyId, `${key} ${values.indexOf(value)}`, (now) => find(now)?.[values.indexOf(value)], [
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
                drawn.delete(policyId);
                if (current) show(current);
              },
            },
            `show all ${values.length}`,
          ),
        ),
    );
  }

  /** @param {string} policyId @param {string} key @param {Find} find @param {(Node | string | false | undefined)[]} content */
  function entryButton(policyId, key, find, content) {
    return pointing(h('button', { type: 'button', class: 'trace-entry', data: { key } }, ...content), policyId, find);
  }

  /** @param {Answer} answer */
  function show(answer) {
    current = answer;
    const { policies } = answer.report;
    worthOpening = new Set(interesting(policies));
    section.hidden = policies.length === 0;
    /** @type {Set<string>} */
    const ids = new Set();
    const elements = policies.map((policy, index) => {
      const id = answer.policies[index]?.id ?? '';
      ids.add(id);
      return policyElement(policy, id);
    });
    for (const id of drawn.keys()) {
      if (ids.has(id)) continue;
      drawn.delete(id);
      entries.delete(id);
      reports.delete(id);
    }
    if (elements.length !== place.children.length || elements.some((element, index) => element !== place.children[index])) {
      replace(place, elements);
    }
    mark(hovered ?? lastCursor, false);
  }

  /** The policy's item: the one that is there, if it would look no different. @param {PolicyReport} policy @param {string} id */
  function policyElement(policy, id) {
    const open = policy.statements.filter((statement) => worthOpening.has(statement)).map((statement) => statement.index);
    const old = drawn.get(id);
    if (old && old.open === String(open) && reports.get(id) === policy) return old.element;
    // Where things stand in the text is looked up when it is needed: it changes with every key.
    const look = withoutPlaces([policy, open]);
    reports.set(id, policy);
    if (old?.look === look) return old.element;
    entries.delete(id);
    const element = policyItem(policy, id);
    drawn.set(id, { look, open: String(open), element });
    if (old?.element.parentElement === place) {
      const active = activeIn(place);
      const key = active instanceof HTMLElement && old.element.contains(active) ? active.dataset.key : undefined;
      old.element.replaceWith(element);
      if (key !== undefined) focusKey(element, key);
    }
    return element;
  }

  /** @type {Cursor | undefined} */
  let lastCursor;
  /** Where the pointer stands in a text. @type {Cursor | undefined} */
  let hovered;

  /**
   * Marks the entries that the cursor stands in; the smallest is the current one.
   * @param {Cursor | undefined} cursor
   * @param {boolean} scroll  whether to bring the entry into sight
   */
  function mark(cursor, scroll) {
    for (const element of marked) {
      element.removeAttribute('aria-current');
      element.classList.remove('is-current');
    }
    marked = [];
    if (!cursor) return;
    /** @type {Entry | undefined} */
    let best;
    /** @type {Element | null | undefined} */
    let statement;
    let smallest = Infinity;
    for (const entry of entries.get(cursor.policyId) ?? []) {
      const { from, to } = placeOf(entry) ?? { from: 0, to: -1 };
      if (cursor.offset < from || cursor.offset > to) continue;
      if (entry.element.matches('.trace-statement-head')) statement = entry.element.closest('.trace-statement');
      if (to - from > smallest) continue;
      smallest = to - from;
      best = entry;
    }
    if (statement) {
      statement.classList.add('is-current');
      marked.push(statement);
    }
    // In a closed statement only its head can be seen.
    const seen = best?.element.checkVisibility() ? best.element : statement?.querySelector('summary');
    if (!(seen instanceof HTMLElement)) return;
    seen.setAttribute('aria-current', 'true');
    marked.push(seen);
    if (scroll) reveal(seen, root);
  }

  spotlight.cursor.listen((cursor) => {
    lastCursor = cursor;
    if (cursor && settled) {
      settled = undefined;
      spotlight.pointing.send(undefined);
    }
    mark(cursor, true);
  });
  spotlight.hover.listen((cursor) => {
    hovered = cursor;
    mark(hovered ?? lastCursor, false);
  });

  return {
    show,
    /** Another scenario: what was opened before says nothing about it. */
    forget() {
      opened.clear();
      drawn.clear();
      entries.clear();
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
