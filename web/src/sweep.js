// "What if": the keys that the policies' conditions ask about, each as a control with the verdict along it. The engine
// is asked for all variants at once, as tests of the scenario; a value that is chosen goes into the request.
// Imported late: the page needs it only for scenarios with conditions, and only after the first decision.
// @ts-check

import { debounce, freshId, h, setText } from './dom.js';
import { icon } from './icons.js';
import { decisionInfo } from './kinds.js';
import { same, toScenario } from './scenario.js';
import { dials, stretch } from './sweep-values.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').ContextValue} ContextValue
 * @typedef {import('./types.d.ts').DecisionName} DecisionName
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./types.d.ts').RequestFields} RequestFields
 * @typedef {import('./types.d.ts').ScenarioTest} ScenarioTest
 * @typedef {import('./store.js').Store} Store
 * @typedef {import('./sweep-values.js').Dial} Dial
 *
 * @typedef {object} Row
 * @property {HTMLElement} element
 * @property {string} shape  what the row is made of; another shape needs another row
 * @property {ContextValue[]} tries  the values to ask the engine about
 * @property {(decisions: (DecisionName | null)[]) => void} show  what each of the tries gives
 * @property {(current: ContextValue | undefined, decision: DecisionName | null) => void} tell  what the request has and gets
 */

const STEPS = 1000;
const QUIET = 120;

/**
 * @param {object} page
 * @param {HTMLElement} page.section
 * @param {HTMLElement} page.place
 * @param {Store} page.store
 * @param {(next: RequestFields) => void} page.commit
 * @param {(scenario: object) => Promise<Report>} page.evaluate
 */
export function createSweep({ section, place, store, commit, evaluate }) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** What a key was before it was turned; undefined where it was not given. @type {Map<string, ContextValue | undefined>} */
  const before = new Map();
  /** Request and tests before the first turn, and the tests as turning left them. @type {{ request: RequestFields, tests: ScenarioTest[], left: ScenarioTest[] } | undefined} */
  let start;
  /** @type {Answer | undefined} */
  let answer;
  let serial = 0;

  /** @param {string} key @param {ContextValue | undefined} value  undefined takes the key out */
  function turn(key, value) {
    const { request, tests } = store.state;
    start ??= { request, tests, left: tests };
    const untouched = same(tests, start.left);
    const given = { ...request.context };
    const name = Object.keys(given).find((other) => other.toLowerCase() === key.toLowerCase()) ?? key;
    if (!before.has(key)) before.set(key, given[name]);
    if (value === undefined) delete given[name];
    else given[name] = value;
    /** @type {RequestFields} */
    const next = { ...request, context: given };
    if (Object.keys(given).length === 0) delete next.context;
    if (same(next, request)) return;
    commit(next);
    if (untouched) start.left = store.state.tests;
    // Back where it all began, the tests need not spell out any more what the request says.
    if (untouched && same(next, start.request)) store.set({ ...store.state, tests: start.tests }, 'tests');
  }

  /** @param {string} key */
  function putBack(key) {
    turn(key, before.get(key));
    before.delete(key);
    if (before.size === 0) start = undefined;
    void update();
  }

  async function update() {
    const current = answer;
    if (!current) return;
    const turned = current.report.steps.length > 0 ? dials(current.report) : [];
    section.hidden = turned.length === 0;
    if (turned.length === 0) return;
    const wanted = turned.map((dial) => row(dial, current.report));
    for (const key of rows.keys()) if (!turned.some((dial) => dial.key === key)) rows.delete(key);
    const elements = wanted.map(({ element }) => element);
    if (!same(elements.length, place.children.length) || elements.some((element, index) => element !== place.children[index])) {
      place.replaceChildren(...elements);
    }
    const tests = turned.flatMap(({ key }, index) =>
      (wanted[index]?.tries ?? []).map((value) => ({ name: key, request: { context: { [contextName(current, key)]: value } } })),
    );
    serial += 1;
    const own = serial;
    /** @type {Report} */
    let report;
    try {
      report = await evaluate({ ...toScenario(current.state), tests });
    } catch {
      section.hidden = true;
      return;
    }
    if (own !== serial) return;
    let at = 0;
    for (const [index, { key }] of turned.entries()) {
      const one = wanted[index];
      if (!one) continue;
      const decisions = report.tests.slice(at, at + one.tries.length).map((test) => test.decision);
      at += one.tries.length;
      one.show(decisions);
      one.tell(valueOf(current, key), current.report.decision);
    }
  }

  /** @param {Dial} dial @param {Report} report */
  function row(dial, report) {
    const current = dial.kind === 'time' ? moment(report, dial.key) : undefined;
    const range = dial.kind === 'time' ? stretch(dial.instants, current) : undefined;
    const old = rows.get(dial.key);
    // While its slider is moved, a row stays as it is: the stretch of time it shows is fixed then.
    const shape = JSON.stringify([dial.kind, dial.instants, dial.choices]);
    if (old?.shape === shape) return old;
    const made = range ? timeRow(dial, range, shape) : choiceRow(dial, shape);
    rows.set(dial.key, made);
    return made;
  }

  /** @param {Dial} dial @param {HTMLElement} now */
  function head(dial, now) {
    const reset = h(
      'button',
      { type: 'button', class: 'text-button', 'aria-label': `put ${dial.key} back`, hidden: true, onclick: () => putBack(dial.key) },
      'put back',
    );
    return { reset, element: h('p', { class: 'sweep-head' }, h('code', null, dial.key), now, reset) };
  }

  /** @param {Dial} dial @param {{ from: number, to: number }} range @param {string} shape @returns {Row} */
  function timeRow(dial, { from, to }, shape) {
    const ends = [from, ...dial.instants, to];
    const parts = ends.slice(1).map((end, index) => ({ from: ends[index] ?? from, to: end }));
    const now = h('span', { class: 'sweep-now' });
    const { reset, element: heading } = head(dial, now);
    const band = h('div', { class: 'sweep-band', role: 'img' });
    let moving = false;
    const at = (/** @type {number} */ position) => {
      const exact = from + ((to - from) * position) / STEPS;
      // A hand is not that steady: near an instant that a policy names, it is that instant.
      const near = dial.instants.find((instant) => Math.abs(instant - exact) < (to - from) / STEPS / 1.9);
      return near ?? Math.round(exact / 60_000) * 60_000;
    };
    const slider = h('input', {
      type: 'range',
      class: 'sweep-slider',
      min: '0',
      max: String(STEPS),
      'aria-label': dial.key,
      oninput: () => {
        moving = true;
        turn(dial.key, iso(at(Number(slider.value))));
      },
      onchange: () => (moving = false),
    });
    return {
      shape,
      element: h('div', { class: 'sweep-row', data: { testid: 'sweep-row', key: dial.key, kind: 'time' } }, heading, band, slider, h('p', { class: 'sweep-ends' }, h('span', null, day(from)), h('span', null, day(to)))),
      tries: parts.map((part) => iso((part.from + part.to) / 2)),
      show(decisions) {
        const joined = join(parts.map((part, index) => ({ ...part, decision: decisions[index] ?? null })));
        band.replaceChildren(...joined.map((part) => bandPart(part, (part.to - part.from) / (to - from))));
        band.setAttribute(
          'aria-label',
          joined.map((part) => `${decisionInfo(part.decision).short} from ${day(part.from)} to ${day(part.to)}`).join('; '),
        );
      },
      tell(current, decision) {
        const instant = Date.parse(String(current ?? ''));
        if (!Number.isNaN(instant) && !moving) {
          slider.value = String(Math.round(((instant - from) / (to - from)) * STEPS));
        }
        const words = current === null || current === undefined ? 'absent' : String(current);
        setText(now, `${words}: ${decisionInfo(decision).short}`);
        slider.setAttribute('aria-valuetext', now.textContent);
        reset.hidden = !before.has(dial.key);
      },
    };
  }

  /** @param {Dial} dial @param {string} shape @returns {Row} */
  function choiceRow(dial, shape) {
    const group = freshId('sweep');
    const now = h('span', { class: 'sweep-now' });
    const { reset, element: heading } = head(dial, now);
    const options = dial.choices.map(({ label, value }) => {
      const input = h('input', { type: 'radio', name: group, class: 'visually-hidden', onchange: () => turn(dial.key, value) });
      const mark = h('span', { class: 'sweep-mark' });
      const element = h('label', { class: 'sweep-choice' }, input, mark, h('span', { class: value === null ? 'absent' : 'sweep-value' }, label));
      return { input, mark, element, value };
    });
    return {
      shape,
      element: h(
        'div',
        { class: 'sweep-row', data: { testid: 'sweep-row', key: dial.key, kind: 'choice' } },
        heading,
        h('div', { class: 'sweep-choices', role: 'radiogroup', 'aria-label': dial.key }, ...options.map(({ element }) => element)),
      ),
      tries: dial.choices.map(({ value }) => value),
      show(decisions) {
        for (const [index, { mark, element }] of options.entries()) {
          const info = decisionInfo(decisions[index]);
          const decision = decisions[index] ?? 'none';
          if (element.dataset.decision === decision) continue;
          element.dataset.decision = decision;
          mark.replaceChildren(icon(info.icon, `${info.short}:`));
          element.title = info.short;
        }
      },
      tell(current, decision) {
        for (const { input, value } of options) input.checked = matches(value, current);
        setText(now, `${words(current)}: ${decisionInfo(decision).short}`);
        reset.hidden = !before.has(dial.key);
      },
    };
  }

  const soon = debounce(() => void update(), QUIET);
  return {
    /** @param {Answer} next */
    show(next) {
      answer = next;
      for (const [key, { tell }] of rows) tell(valueOf(next, key), next.report.decision);
      soon.call();
    },
    /** Another scenario: what was turned before is not to be put back. */
    forget() {
      before.clear();
      rows.clear();
      start = undefined;
    },
  };
}

/** The name that the request's context has for a key, if it has it. @param {Answer} answer @param {string} key */
function contextName({ state }, key) {
  const given = Object.keys(state.request.context ?? {});
  return given.find((other) => other.toLowerCase() === key.toLowerCase()) ?? key;
}

/** A key's value in the request that was decided; undefined where it has none. @param {Answer} answer @param {string} key @returns {ContextValue | undefined} */
function valueOf({ report }, key) {
  const entry = report.context.find((other) => other.key.toLowerCase() === key.toLowerCase());
  if (!entry) return undefined;
  return entry.multivalued ? entry.values : entry.values[0];
}

/** @param {Report} report @param {string} key */
function moment(report, key) {
  const value = report.context.find((other) => other.key.toLowerCase() === key.toLowerCase())?.values[0];
  const instant = Date.parse(value ?? '');
  return Number.isNaN(instant) ? undefined : instant;
}

/** @param {ContextValue} value @param {ContextValue | undefined} current */
function matches(value, current) {
  if (value === null) return current === undefined || current === null;
  if (current === undefined || current === null) return false;
  return [value].flat().map(String).join('\n').toLowerCase() === [current].flat().map(String).join('\n').toLowerCase();
}

/** @param {ContextValue | undefined} value */
function words(value) {
  if (value === undefined || value === null) return 'absent';
  return [value].flat().join(', ');
}

/**
 * Neighbours with one decision are one part.
 * @param {{ from: number, to: number, decision: DecisionName | null }[]} parts
 */
function join(parts) {
  /** @type {typeof parts} */
  const joined = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last && last.decision === part.decision) last.to = part.to;
    else joined.push({ ...part });
  }
  return joined;
}

/** @param {{ from: number, to: number, decision: DecisionName | null }} part @param {number} share */
function bandPart({ from, to, decision }, share) {
  const info = decisionInfo(decision);
  const element = h(
    'span',
    { class: 'sweep-part', title: `${info.short}: ${day(from)} to ${day(to)}`, data: { decision: decision ?? 'none' } },
    icon(info.icon),
    h('span', null, info.short),
  );
  element.style.flexGrow = String(Math.max(share, 0.02));
  return element;
}

/** @param {number} instant */
function iso(instant) {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** @param {number} instant */
function day(instant) {
  return iso(instant).slice(0, 16).replace('T', ' ').replace(' 00:00', '');
}
