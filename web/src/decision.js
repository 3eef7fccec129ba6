// The third region: the verdict, why, and what AWS would say; below it the stages and the trace.
// @ts-check

import { arrange, byId, debounce, h, replace, setText } from './dom.js';
import { createFlow } from './flow.js';
import { findingPage } from './finding-page.js';
import { icon } from './icons.js';
import { decisionInfo } from './kinds.js';
import { prose, sentence } from './markdown.js';
import { createSteps } from './steps.js';
import { createMemo } from './memo.js';
import { createTrace } from './trace.js';
import { createWhyNot } from './why-not.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./types.d.ts').ReportDiagnostic} ReportDiagnostic
 * @typedef {import('./spotlight.js').Spotlight} Spotlight
 *
 * @typedef {object} DecisionEvents
 * @property {(key: string) => void} addContextKey
 * @property {(diagnostic: ReportDiagnostic, policyId: string | undefined) => void} goTo
 * @property {(diagnostic: ReportDiagnostic, policyId: string | undefined) => void} applyFix
 * @property {(text: string, what: string) => void} copy
 * @property {() => void} [onStep]  the reader walked to another stage of the evaluation
 *
 * @typedef {{ diagnostic: ReportDiagnostic, policyId: string | undefined, where: string }} Found  a finding, and its place in words
 * @typedef {{ element: HTMLElement, update: (places: Found[]) => void }} Shown
 */

/**
 * @param {Spotlight} spotlight
 * @param {DecisionEvents} events
 * @param {import('./dom.js').Root} [root]  where the region's elements are
 */
export function createDecision(spotlight, events, root = document) {
  const card = byId('decision', root);
  const bar = byId('verdict-bar', root);
  const chip = byId('verdict-chip', root);
  const live = byId('verdict-live', root);
  const message = byId('error-message', root);
  const messageBox = byId('error-message-box', root);
  const missing = byId('missing-context', root);
  const diagnostics = byId('diagnostics', root);
  const notes = byId('notes', root);
  const timing = byId('timing', root);
  const steps = createSteps(spotlight, root);
  // An embedded playground may leave the drawing out.
  const flow = createFlow(root.getElementById('flow') ?? h('div', null), spotlight, {
    onStep: events.onStep,
    onGlossary: (stage, from) => void import('./glossary.js').then(({ showEntry }) => showEntry(stage, from)),
  });
  const trace = createTrace(spotlight, root);
  const whyNot = root.getElementById('why-not') ? createWhyNot(spotlight, root) : undefined;
  const memo = createMemo();
  let announced = '';
  let pending = '';

  // Said once things are quiet: nobody wants to hear every keystroke's verdict.
  const announce = debounce(() => {
    if (pending === announced) return;
    announced = pending;
    live.textContent = pending;
  }, 900);

  let took = 0;
  // For a figure that nobody reads while typing the browser would draw the page once more with every key.
  const showTiming = debounce(() => setText(timing, `Decided in ${took < 10 ? took.toFixed(1) : Math.round(took)} ms`), 250);

  // Scrolled away, the verdict is repeated in small.
  new IntersectionObserver((entries) => {
    // Of several that come at once the last says how things stand.
    chip.hidden = entries.at(-1)?.isIntersecting ?? true;
    bar.classList.toggle('is-needless', chip.hidden);
  }).observe(card);

  byId('copy-error-message', root).addEventListener('click', () => events.copy(message.textContent ?? '', 'AWS’s message'));

  /** @param {Report} report @param {boolean} stale */
  function showVerdict(report, stale) {
    const isNew = memo('verdict', [report.decision, report.reason, report.errorMessage, stale]);
    // While the engine is started again, the page marks the verdict as old.
    if (!isNew && card.dataset.stale === String(stale)) return;
    const info = decisionInfo(report.decision);
    card.dataset.decision = report.decision ?? 'none';
    card.dataset.stale = String(stale);
    byId('verdict-icon', root).replaceChildren(icon(info.icon));
    byId('verdict-title', root).textContent = info.title;
    byId('verdict-hint', root).textContent = info.hint;
    byId('stale-tag', root).hidden = !stale;
    const reason = byId('reason', root);
    reason.dataset.code = report.reason.code;
    sentence(reason, report.reason.message);
    messageBox.hidden = report.errorMessage === null || report.errorMessage === undefined;
    message.textContent = report.errorMessage ?? '';
    bar.dataset.decision = report.decision ?? 'none';
    bar.dataset.stale = String(stale);
    chip.dataset.decision = report.decision ?? 'none';
    chip.replaceChildren(icon(info.icon), info.short);
    bar.replaceChildren(icon(info.icon), h('strong', null, info.short), h('span', null, stale ? 'from before the error' : 'see why'));
  }

  /** @param {Answer} answer */
  function showMissing({ report }) {
    if (!memo('missing', report.missingContextKeys)) return;
    byId('missing-section', root).hidden = report.missingContextKeys.length === 0;
    replace(
      missing,
      report.missingContextKeys.map((key) =>
        h(
          'li',
          null,
          h('code', null, key),
          h(
            'button',
            {
              type: 'button',
              class: 'button small',
              'aria-label': `Add ${key} to the request`,
              data: { key },
              onclick: () => events.addContextKey(key),
            },
            icon('plus'),
            'add',
          ),
        ),
      ),
    );
  }

  /** @param {Report} report */
  function showNotes({ notes: found }) {
    if (!memo('notes', found)) return;
    const remarks = root.getElementById('request-notes')?.childElementCount ?? 0;
    byId('notes-section', root).hidden = found.length === 0 && remarks === 0;
    replace(
      notes,
      found.map((note) => sentence(h('li', { data: { code: note.code } }), note.message)),
    );
  }

  /** The findings on screen. What they say stays the same through most keystrokes; where they stand does not. @type {Map<string, Shown>} */
  let shown = new Map();

  /** @param {Answer} answer */
  function showDiagnostics(answer) {
    const found = answer.report.diagnostics;
    if (!memo('diagnostics', [found, answer.policies.map((policy) => policy.id)])) return;
    const section = byId('diagnostics-section', root);
    section.hidden = found.length === 0;
    // What keeps the engine from deciding comes first; what could be better can wait.
    const before = found.some((one) => one.severity === 'error') ? live : byId('why-not-section', root);
    if (before.nextElementSibling !== section) before.after(section);
    /** @type {typeof shown} */
    const next = new Map();
    for (const [said, places] of alike(found, answer)) {
      const key = JSON.stringify([said, places.map(({ policyId, diagnostic }) => [policyId, diagnostic.fix?.label])]);
      const item = shown.get(key) ?? diagnosticItem(places);
      item.update(places);
      next.set(key, item);
    }
    shown = next;
    arrange(diagnostics, [...next.values()].map(({ element }) => element));
  }

  /** @param {Found[]} made  what is found, at each of its places @returns {Shown} */
  function diagnosticItem(made) {
    const diagnostic = /** @type {Found} */ (made[0]).diagnostic;
    const unwritten = isUnwritten(diagnostic);
    const rows = made.map((one) => placeOf(one));
    const element = h(
      'li',
      { class: `diagnostic diagnostic-${unwritten ? 'unwritten' : diagnostic.severity}`, data: { severity: diagnostic.severity, code: diagnostic.code } },
      icon(diagnostic.severity, diagnostic.severity),
      h(
        'div',
        null,
        // Beside each field stands what to write there.
        unwritten ? h('p', { class: 'diagnostic-message' }, 'The request still lacks') : sentence(h('p', { class: 'diagnostic-message' }), diagnostic.message),
        !unwritten && diagnostic.help && sentence(h('p', { class: 'diagnostic-help' }), diagnostic.help),
        diagnostic.awsMessage && h('p', { class: 'diagnostic-aws' }, 'AWS says: ', h('q', null, diagnostic.awsMessage)),
        h('div', { class: 'diagnostic-places' }, rows.map((row) => row.element), findingPage(diagnostic.code)),
      ),
    );
    return { element, update: (places) => places.forEach((place, at) => rows[at]?.update(place)) };
  }

  /** Where something was found, with the way there and what would mend it. @param {Found} made @returns {{ element: HTMLElement, update: (place: Found) => void }} */
  function placeOf(made) {
    let { diagnostic, policyId } = made;
    const where = h('button', { type: 'button', class: 'text-button', onclick: () => events.goTo(diagnostic, policyId) });
    const mend =
      diagnostic.fix &&
      h(
        'button',
        { type: 'button', class: 'button small', data: { testid: 'fix' }, onclick: () => events.applyFix(diagnostic, policyId) },
        ...prose(diagnostic.fix.label),
      );
    return {
      element: h('p', { class: 'diagnostic-where' }, where, mend),
      update(place) {
        ({ diagnostic, policyId } = place);
        setText(where, place.where);
      },
    };
  }

  return {
    flow,
    /** Another scenario: what was opened and chosen says nothing about it. */
    forget() {
      trace.forget();
      whyNot?.forget();
      flow.stage = undefined;
    },
    /**
     * @param {Answer} answer  what the page shows
     * @param {Answer} latest  what the engine said last; another than `answer` while a text is broken
     */
    show(answer, latest) {
      const stale = answer !== latest;
      showVerdict(answer.report, stale);
      steps.show(answer);
      flow.show(answer);
      trace.show(answer);
      showMissing(answer);
      showDiagnostics(latest);
      whyNot?.show(answer);
      showNotes(answer.report);
      took = latest.milliseconds;
      showTiming.call();
      const title = decisionInfo(answer.report.decision);
      pending = stale
        ? `A policy cannot be read. The last answer stays: ${title.short}.`
        : `${title.short}. ${answer.report.reason.message}`;
      announce.call();
    },
  };
}

/** What was not written yet is no mistake; beside the field stands what to write. @param {ReportDiagnostic} diagnostic */
const isUnwritten = ({ code, path }) => code === 'missing-field' && path?.startsWith('/request/') === true;

/** What a finding says, wherever it stands. @param {ReportDiagnostic} diagnostic */
const saying = ({ severity, code, message, help, awsMessage }) => JSON.stringify([severity, code, message, help, awsMessage]);

/**
 * Findings that say the same of several places, put together in the order of the first, by what they say.
 * @param {ReportDiagnostic[]} found
 * @param {Answer} answer
 */
function alike(found, answer) {
  const ids = new Map(answer.report.policies.map(({ policyIndex }, at) => [policyIndex, answer.policies[at]?.id]));
  /** @type {Map<string, Found[]>} */
  const groups = new Map();
  for (const diagnostic of found) {
    const { policy, policyIndex, start } = diagnostic;
    const where =
      policy !== undefined
        ? `${policy}${start ? `, line ${start.line}, column ${start.column}` : ''}`
        : isUnwritten(diagnostic)
          ? `its ${diagnostic.path?.slice('/request/'.length)}`
          : placeInWords(diagnostic.path ?? '', answer);
    const place = { diagnostic, where, policyId: policyIndex === undefined ? undefined : ids.get(policyIndex) };
    const key = isUnwritten(diagnostic) ? 'unwritten' : saying(diagnostic);
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  }
  return groups;
}

/**
 * A place in the scenario as a person would say it: `/request/principal` is `request, principal`.
 * @param {string} path  a JSON pointer
 * @param {Answer} answer
 */
function placeInWords(path, { state }) {
  const parts = path.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [list, at = ''] = parts;
  const named = list === 'policies' ? state.policies[Number(at)]?.name : list === 'tests' ? state.tests[Number(at)]?.name : undefined;
  const one = { policies: 'policy', tests: 'test' }[list ?? ''];
  const words = one && at !== '' ? [typeof named === 'string' && named !== '' ? named : `${one} ${Number(at) + 1}`, ...parts.slice(2)] : parts;
  return words.length > 0 ? words.join(', ') : 'scenario';
}
