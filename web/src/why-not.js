// "Why not": for each Allow statement that speaks of the requested action, or that only lacked the action, what kept it
// from matching. The sentences are the trace's own.
// @ts-check

import { byId, h, replace } from './dom.js';
import { icon } from './icons.js';
import { prose } from './markdown.js';
import { createMemo, withoutPlaces } from './memo.js';
import { statementName } from './places.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').ElementReport} ElementReport
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./types.d.ts').Spanned} Spanned
 * @typedef {import('./spotlight.js').Spotlight} Spotlight
 *
 * @typedef {{ name: string, kind: string, policyId: string, index: number, sid: string | undefined, near: string | undefined,
 *   lacks: ElementReport[],
 *   speaks: boolean }} Candidate
 */

/** So many are shown before "show all". */
const FEW = 5;

/**
 * @param {Spotlight} spotlight
 * @param {import('./dom.js').Root} [root]  where the region's elements are
 */
export function createWhyNot(spotlight, root = document) {
  const section = byId('why-not-section', root);
  const list = byId('why-not', root);
  const memo = createMemo();
  let all = false;
  /** What is shown, as the latest report has it. @type {Candidate[]} */
  let found = [];

  /** @param {string} policyId @param {() => Spanned | undefined} find  where it stands now @param {string} key @param {(Node | string)[]} content */
  function pointer(policyId, find, key, content) {
    const point = (/** @type {boolean} */ go) => {
      const spanned = find();
      if (spanned) spotlight.pointing.send({ places: [{ policyId, from: spanned.start.offset, to: spanned.end.offset }], go });
    };
    const leave = () => spotlight.pointing.send(undefined);
    return h(
      'button',
      {
        type: 'button',
        class: 'why-not-lack',
        data: { key },
        onclick: () => point(true),
        onmouseenter: () => point(false),
        onmouseleave: leave,
        onfocus: () => point(false),
        onblur: leave,
      },
      ...content,
    );
  }

  /** @param {Candidate} candidate @param {number} at  its place among all */
  function item({ name, policyId, index: number, sid, near, lacks }, at) {
    const key = `why ${policyId} ${number}`;
    return h(
      'li',
      { class: 'why-not-item', data: { statement: `${name}#${number}`, near } },
      h(
        'p',
        { class: 'why-not-head' },
        icon(near ? 'near' : 'cross'),
        h('strong', null, ...statementName(sid, number)),
        h('span', { class: 'hint' }, `of ${name}`),
        near && h('span', { class: 'badge badge-near' }, `only ${near} fails`),
      ),
      h(
        'ul',
        null,
        ...lacks.flatMap((element, lack) => {
          const failing = failingConditions(element);
          const now = () => found[at]?.lacks[lack];
          if (failing.length === 0) {
            return [
              h('li', null, pointer(policyId, now, `${key} ${element.element}`, [h('b', null, element.element), ' ', h('span', null, ...prose(element.message))])),
            ];
          }
          return failing.map((condition, index) =>
            h('li', null, pointer(policyId, () => failingConditions(now())[index], `${key} ${index}`, [h('b', null, 'Condition'), ' ', h('span', null, ...prose(condition.message))])),
          );
        }),
      ),
    );
  }

  /** @param {Answer} answer */
  function show(answer) {
    found = candidates(answer);
    // Where things stand in the text is looked up when somebody points: it changes with every key.
    if (!memo('found', withoutPlaces([all, found]))) return;
    section.hidden = found.length === 0;
    const few = all || found.length <= FEW + 1 ? found : found.slice(0, FEW);
    replace(
      list,
      few.map(item),
      few.length < found.length &&
        h(
          'li',
          null,
          h(
            'button',
            {
              type: 'button',
              class: 'text-button',
              onclick: () => {
                all = true;
                show(answer);
              },
            },
            `show all ${found.length}`,
          ),
        ),
    );
  }

  return {
    show,
    /** Another scenario. */
    forget() {
      all = false;
    },
  };
}

/** @param {ElementReport | undefined} element */
function failingConditions(element) {
  return element?.conditions?.filter((condition) => !condition.matches) ?? [];
}

/**
 * The Allow statements that could have made the difference: of a stage at which nothing matched or which settled the
 * answer. Those about the requested action stand first, and of these the ones that came closest.
 * @param {Answer} answer
 * @returns {Candidate[]}
 */
function candidates({ report, policies }) {
  if (report.decision !== 'implicitDeny') return [];
  const wanting = new Map(report.steps.map((step) => [/** @type {string} */ (step.stage), step.decisive || step.statements.length === 0]));
  const settled = report.steps.find((step) => step.decisive)?.stage;
  /** @type {Candidate[]} */
  const found = [];
  for (const [number, policy] of report.policies.entries()) {
    const policyId = policies[number]?.id;
    if (!policyId || policy.notApplicable !== undefined || !wanting.get(policy.kind)) continue;
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow' || statement.matches) continue;
      const lacks = statement.elements.filter((element) => !element.matches);
      const speaks = statement.elements.some((element) => element.matches && /Action$/.test(element.element));
      if (!statement.nearMiss && !speaks) continue;
      const { index, sid, nearMiss: near } = statement;
      found.push({ name: policy.name, kind: policy.kind, policyId, index, sid, near, lacks, speaks });
    }
  }
  const weight = (/** @type {Candidate} */ { kind, lacks, speaks }) =>
    (kind === settled ? 0 : 100) + (speaks ? 0 : 50) + lacks.length;
  return found.sort((a, b) => weight(a) - weight(b));
}
