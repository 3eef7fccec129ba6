// The page: one scenario, one report, three regions that show them.
// @ts-check

import { createBeside, withFindings } from './beside.js';
import { createDecision } from './decision.js';
import { byId, setChanged } from './dom.js';
import { createEngine } from './engine.js';
import { createExamples, exampleState, firstExample } from './examples.js';
import { setUpFiles } from './files.js';
import { setUpHelp, setUpWelcome } from './help.js';
import { hushed } from './hush.js';
import { setUpJumps } from './jumps.js';
import { setUpLessons } from './lessons/door.js';
import { markdown } from './markdown.js';
import { dismiss, notice, toast } from './notices.js';
import { nearEngine, pageWorker } from './page-worker.js';
import { createPolicies } from './policies.js';
import { createRequest } from './request.js';
import { toScenario, toState } from './scenario.js';
import { runSelftest } from './selftest.js';
import { copyText, firstState, keepSession, stateBeforeLink } from './session.js';
import { setUpSplitters } from './splitters.js';
import { createSpotlight } from './spotlight.js';
import { createStore } from './store.js';
import { createTests } from './tests-table.js';
import { setUpTheme } from './theme.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').PageState} PageState
 * @typedef {import('./types.d.ts').Report} Report
 */

setUpTheme(byId('theme'));
setUpSplitters();

const opened = await firstState(() => exampleState(firstExample));
const store = createStore(opened.state);
const spotlight = createSpotlight();
const policies = createPolicies(store, spotlight);
const request = createRequest(store);
const tests = createTests(store, request.commit);
const decision = createDecision(spotlight, {
  addContextKey: (key) => request.context.addKey(key),
  goTo: (diagnostic, policyId) => {
    const editor = policyId && policies.card(policyId)?.editor;
    const index = /^\/policies\/(\d+)/.exec(diagnostic.path ?? '')?.[1];
    const card = policies.card(store.state.policies[Number(index)]?.id ?? '');
    if (editor) editor.putCursor(diagnostic.start?.offset ?? 0);
    else if (card) card.focusName();
    else if (!request.focusField(diagnostic.path)) byId('request').focus();
  },
  applyFix: (diagnostic, policyId) => policyId && policies.card(policyId)?.editor.applyFix(diagnostic),
  copy: (text, what) => void copyText(text, what),
  onStep: () => session.viewed(),
});
decision.flow.stage = opened.view.step;
setUpWelcome(opened.own);
const examples = createExamples(
  (example) => load(exampleState(example), `Opened the example “${example.title ?? example.id}”.`),
  (message) => notice('examples', 'warning', message),
);
setUpHelp({ back: decision.flow.back, forward: decision.flow.forward, examples: () => void examples.openGallery() });

// ---- The engine ---------------------------------------------------------------------------------------------

/** The last answer that gave a decision on the scenario at hand. @type {Answer | undefined} */
let standing;
/** @type {Answer | undefined} */
let latest;
/** @type {{ revision: number, resolve: (report: Report) => void }[]} */
let waiting = [];
let answeredRevision = -1;
/** @type {import('./hush.js').Hides | undefined} */
let hides;

/** What is loaded once the first decision stands. @type {ReturnType<typeof import('./later.js').setUpLater> | undefined} */
let later;
/** @type {(value?: unknown) => void} */
let settle = () => {};
/** Resolves when answers have all that the engine can say. */
const settled = new Promise((resolve) => (settle = resolve));

const engine = createEngine({
  onReady: (version) => {
    byId('engine-version').textContent = `Engine ${version}`;
    document.documentElement.dataset.engine = 'ready';
  },
  onSettled: () => {
    answeredRevision = -1;
    evaluate();
    settle();
  },
  onTrouble: (message, givenUp) => {
    // The near engine may have answered nevertheless.
    if (answeredRevision !== store.revision) byId('decision').dataset.stale = 'true';
    const words = givenUp
      ? 'It failed twice on this scenario: change something, and it is asked again.'
      : 'It was started again.';
    notice('engine', 'error', `The engine stopped (${message}). ${words} Your text is as you left it.`, [
      ...(givenUp ? [{ label: 'Try again', run: evaluate }] : []),
    ]);
  },
  onDead: (message) => {
    notice('engine', 'error', `There can be no decision: ${message}. Your text is kept.`, [
      { label: 'Reload the page', run: () => location.reload() },
    ]);
  },
}, pageWorker, async (module) => {
  const near = await nearEngine(module);
  document.documentElement.dataset.near = 'ready';
  return near;
});

store.ask = engine.ask;
const beside = createBeside(engine.ask);
void settled.then(beside.load).then((loaded) => loaded && evaluate());
void settled
  .then(() => import('./later.js'))
  .then(({ setUpLater }) => {
    later = setUpLater({ store, ask: engine.ask, commit: request.commit });
    if (latest && latest === standing) later.show(latest);
  });

function evaluate() {
  const { state, revision } = store;
  const held = beside.held(state.policies);
  engine.evaluate(
    toScenario(state),
    (report, milliseconds, findings, early) => {
      const answer = { report, state, policies: reportedPolicies(state, report), milliseconds };
      beside.wait(findings, early ? held : undefined, (found) => {
        if (revision >= answeredRevision) receive(answer, revision, found);
      });
    },
    beside.isReady,
    held !== undefined,
  );
}

/**
 * The engine leaves out of its report what is no policy at all, such as one of a kind that does not exist.
 * @param {PageState} state
 * @param {Report} report
 */
function reportedPolicies({ policies }, report) {
  return report.policies.flatMap(({ policyIndex }) => policies[policyIndex] ?? []);
}

/** @param {Answer} answer @param {number} revision @param {import('./types.d.ts').ReportDiagnostic[]} found  beside its report */
function receive(answer, revision, found) {
  answeredRevision = revision;
  latest = answer;
  beside.shown(answer.state.policies, found);
  // While a document cannot be read, the last answer stays on screen, marked as old.
  const unreadable = answer.report.decision === null && answer.report.reason.code === 'invalid-policy';
  if (!unreadable || !standing) standing = answer;
  const stale = standing !== answer;
  const shown = hushed(withFindings(answer, found), hides);
  policies.show(shown, stale);
  request.show(shown);
  tests.show(shown, stale);
  decision.show(stale ? standing : shown, shown);
  if (!stale) later?.show(answer);
  const done = waiting.filter((one) => one.revision <= revision);
  waiting = waiting.filter((one) => one.revision > revision);
  for (const { resolve } of done) resolve(answer.report);
  setChanged(document.documentElement, { 'data-ready': 'true' });
}

// ---- The scenario as a whole --------------------------------------------------------------------------------

/**
 * Puts another scenario on the page.
 * @param {PageState} state
 * @param {string} [message]  said with an Undo; without one nothing is said
 */
function load(state, message) {
  const before = store.state;
  standing = undefined;
  decision.forget();
  later?.forget();
  store.set(state, 'load');
  if (message === undefined) return;
  toast(message, {
    undo: () => load(before),
  });
}

const titleField = /** @type {HTMLInputElement} */ (byId('scenario-title'));
titleField.addEventListener('input', () => store.set({ ...store.state, title: titleField.value }, 'title'));

function showAbout() {
  const { title, description } = store.state;
  if (titleField.value !== title) titleField.value = title;
  byId('scenario-description').replaceChildren(...markdown(description));
  document.title = title ? `${title} · IAM Playground` : 'IAM Playground';
}

store.subscribe((_, change) => {
  if (change === 'load' || change === 'title') showAbout();
  if (change === 'load') {
    examples.show(examples.find(store.state));
  } else {
    // Edited, it is no longer the example, which can be picked again.
    examples.show('');
  }
  evaluate();
});
showAbout();
document.documentElement.dataset.built = 'true';
examples.show(examples.find(store.state));
const session = keepSession(
  store,
  ({ state, view }) => {
    load(state, 'Opened the scenario of the link.');
    decision.flow.stage = view.step;
  },
  () => ({ step: decision.flow.stage }),
);
setUpFiles(store, (state, message) => {
  dismiss('import');
  load(state, message);
});
setUpJumps();
byId('share').addEventListener('click', () => void session.share());
/** @type {ReturnType<typeof import('./copy-as.js').createCopyMenu> | undefined} */
let copyMenu;
byId('copy-as').addEventListener('click', async (event) => {
  const { createCopyMenu } = await import('./copy-as.js');
  copyMenu ??= createCopyMenu(byId('copy-as'), async ({ make, what }) => {
    await currentReport();
    if (latest) await copyText(make(latest, await session.link()), what);
  });
  copyMenu.open();
  event.preventDefault();
});
byId('new').addEventListener('click', () => load(toState({ request: {}, policies: [] }), 'Started an empty scenario.'));

const earlier = stateBeforeLink();
if (earlier) {
  notice('earlier', 'info', 'This is the scenario of the link. Your work from last time is kept.', [
    {
      label: 'Open it instead',
      run: () => {
        dismiss('earlier');
        load(earlier, 'Opened your work from last time.');
      },
    },
  ]);
}

setUpLessons({
  store,
  card: policies.card,
  load: (state) => load(state),
  ask: engine.ask,
  hold: session.hold,
  hush: (next) => {
    if (hides === next) return;
    hides = next;
    evaluate();
  },
});

window.iamPlayground = {
  getScenario: () => structuredClone(toScenario(store.state)),
  setScenario: (scenario) => load(toState(scenario), 'Another scenario was put here.'),
  getReport: () => settled.then(currentReport),
};

/** @returns {Promise<Report>} */
function currentReport() {
  return answeredRevision === store.revision && latest
    ? Promise.resolve(latest.report)
    : new Promise((resolve) => waiting.push({ revision: store.revision, resolve }));
}

if (new URLSearchParams(location.search).has('test-hooks')) {
  document.addEventListener('iam-test-trouble', (event) => {
    engine.makeTrouble(/** @type {CustomEvent<'crash' | 'hang'>} */ (event).detail);
  });
}

evaluate();
const first = await currentReport();
if (new URLSearchParams(location.search).has('selftest')) {
  await settled;
  await runSelftest((scenario) => new Promise((resolve) => engine.evaluate(scenario, resolve)));
} else if (first) {
  // The rest of the gallery, once the first decision stands.
  setTimeout(() => void examples.load().then(() => examples.show(examples.find(store.state))), 200);
  // And what the next visit needs without a network: not in a frame, where the page is a guest.
  if (window.top === window) void settled.then(() => setTimeout(() => void import('./offline.js').then(({ keepOffline }) => keepOffline()), 500));
}
