// A playground in a shadow root: the page's own regions around one scenario, as `main.js` has them for the page.
// @ts-check

import { createDecision } from '../decision.js';
import { byId, h, isLocked } from '../dom.js';
import { icon } from '../icons.js';
import { isKind } from '../kinds.js';
import { hushed } from '../hush.js';
import { dismiss, toast } from '../notices.js';
import { createPolicies } from '../policies.js';
import { createRequest } from '../request.js';
import { same, toScenario } from '../scenario.js';
import { createSpotlight } from '../spotlight.js';
import { createStore } from '../store.js';
import { createTests } from '../tests-table.js';
import { createFrame } from './frame.js';
import { sharedEngine } from './pool.js';
import { createPrediction } from './predict.js';
import { showView } from './view.js';

/**
 * @typedef {import('../types.d.ts').Answer} Answer
 * @typedef {import('../types.d.ts').PageState} PageState
 * @typedef {import('../types.d.ts').Report} Report
 *
 * @typedef {object} PlayerEvents
 * @property {string | undefined} wasm
 * @property {(name: string, detail: unknown) => void} emit
 * @property {() => void} onReady
 * @property {(() => Promise<string>) | undefined} share  gives a link to the full page, where one is known
 * @property {() => void} reset
 * @property {(message: string) => void} failed  the engine cannot run on this page
 *
 * @typedef {{ label: string, run?: () => void, href?: string }} WayOn
 */

/** @typedef {ReturnType<typeof createPlayer>} Player */

/**
 * @param {HTMLElement} host
 * @param {ShadowRoot} root
 * @param {PageState} initial
 * @param {PlayerEvents} events
 */
export function createPlayer(host, root, initial, events) {
  const frame = createFrame(root);
  const room = host.getBoundingClientRect();
  frame.style.width = `${room.width}px`;
  frame.style.height = `${room.height}px`;
  root.append(frame);
  const store = createStore(initial);
  const spotlight = createSpotlight();
  const policies = createPolicies(store, spotlight, root);
  const request = createRequest(store, root);
  const tests = createTests(store, request.commit, root);
  const decision = createDecision(
    spotlight,
    {
      addContextKey: (key) => request.context.addKey(key),
      goTo: (diagnostic, policyId) => {
        const editor = policyId && policies.card(policyId)?.editor;
        if (editor) editor.putCursor(diagnostic.start?.offset ?? 0);
        else if (!request.focusField(diagnostic.path)) byId('request', root).focus();
      },
      applyFix: (diagnostic, policyId) => policyId && policies.card(policyId)?.editor.applyFix(diagnostic),
      copy: (text, what) => void copy(text, what),
    },
    root,
  );
  const prediction = createPrediction((guess) => {
    guessed = true;
    frame.classList.remove('is-predicting');
    prediction.tell(guess, latest?.report.decision ?? null);
    if (latest) show(latest);
  });
  byId('decision', root).before(prediction.element);

  /** The lesson that is shown here. @type {import('../lessons/embed.js').Mounted | undefined} */
  let mounted;
  /** @type {Answer | undefined} */
  let latest;
  /** The last answer that gave a decision. @type {Answer | undefined} */
  let standing;
  let answeredRevision = -1;
  let initialState = initial;
  let guessed = false;
  let ready = false;
  let passed = false;
  let wasLocked = false;
  let rests = false;
  /** @type {import('../hush.js').Hides | undefined} */
  let hides;
  /** @type {{ revision: number, resolve: (report: Report) => void, reject: (error: Error) => void }[]} */
  let waiting = [];

  // ---- The engine -------------------------------------------------------------------------------------------

  const engine = sharedEngine(events.wasm);
  store.ask = engine.ask;
  let asked = { state: initial, revision: 0 };
  /** @type {import('./pool.js').Client} */
  const client = {
    done: (report, milliseconds) => {
      const { state, revision } = asked;
      receive({ report, state, policies: reportedPolicies(state, report), milliseconds }, revision);
    },
    trouble: (message, givenUp) => {
      byId('decision', root).dataset.stale = 'true';
      complain(
        `The engine stopped (${message}). ${givenUp ? 'Change something, and it is asked again.' : 'It was started again.'}`,
        givenUp ? [{ label: 'Try again', run: evaluate }] : [],
      );
      events.emit('iam-error', { code: 'engine', message });
    },
    settled: () => {
      answeredRevision = -1;
      evaluate();
    },
    dead: (message) => {
      byId('verdict-title', root).textContent = 'No decision';
      byId('reason', root).textContent = 'The engine does not run on this page.';
      frame.classList.remove('is-predicting');
      for (const one of waiting) one.reject(new Error(message));
      waiting = [];
      events.failed(message);
    },
  };

  // Warnings are for who writes: they come with the whole engine once a reader puts a hand in.
  for (const hand of ['focusin', 'pointerdown']) {
    frame.addEventListener(hand, () => void engine.wake().catch(() => undefined), { once: true });
  }

  function evaluate() {
    asked = { state: store.state, revision: store.revision };
    engine.evaluate(client, toScenario(store.state));
  }

  /** @param {PageState} state @param {Report} report */
  function reportedPolicies({ policies: own }, report) {
    return own.length === report.policies.length ? own : own.filter((policy) => isKind(policy.kind));
  }

  /** @param {Answer} answer @param {number} revision */
  function receive(answer, revision) {
    answeredRevision = revision;
    latest = answer;
    const unreadable = answer.report.decision === null && answer.report.reason.code === 'invalid-policy';
    if (!unreadable || !standing) standing = answer;
    if (!predicts()) show(answer);
    const done = waiting.filter((one) => one.revision <= revision);
    waiting = waiting.filter((one) => one.revision > revision);
    for (const { resolve } of done) resolve(answer.report);
    if (!ready) {
      void measured().then(reveal).then(tellReady);
      ready = true;
    }
    events.emit('iam-result', { report: answer.report });
    tellPass(answer.report);
  }

  function tellReady() {
    frame.dataset.ready = 'true';
    events.onReady();
    events.emit('iam-ready', engine.about());
  }

  /** Resolves once the editors know how high their lines are; a tab in the background draws nothing, and does not wait. */
  function measured() {
    const drawn = new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return Promise.race([drawn, new Promise((resolve) => setTimeout(resolve, 250))]);
  }

  /** The frame takes the place of the text once there is something to show in it: so nothing moves on screen. */
  function reveal() {
    if (!frame.classList.contains('is-coming')) return;
    root.querySelector('.shell')?.remove();
    frame.classList.remove('is-coming');
    frame.style.removeProperty('width');
    frame.style.removeProperty('height');
  }

  /** @param {Answer} answer */
  function show(answer) {
    const stale = standing !== answer;
    const shown = hushed(answer, hides);
    policies.show(shown, stale);
    request.show(shown);
    tests.show(shown, stale);
    if (standing) decision.show(stale ? standing : shown, shown);
  }

  /** A scenario with tests is passed when all of them are; told once each time it comes to be. @param {Report} report */
  function tellPass(report) {
    const all = report.tests.length > 0 && report.tests.every((test) => test.pass);
    if (all && !passed) events.emit('iam-pass', { report });
    passed = all;
  }

  // ---- What is shown ----------------------------------------------------------------------------------------

  const predicts = () => host.hasAttribute('predict') && !guessed && !mounted;

  function configure() {
    showView(root, host.getAttribute('view'), store.state.tests.length > 0);
    frame.classList.toggle('is-readonly', isLocked(root));
    frame.classList.toggle('is-growing', host.getAttribute('max-height') === 'none');
    frame.classList.toggle('is-predicting', predicts());
    prediction.element.hidden = !host.hasAttribute('predict') || mounted !== undefined;
    if (predicts()) prediction.ask();
    else if (latest) show(latest);
    lockFields();
  }

  /** Fields come and go with the scenario: those in a playground that is only read are locked as they come. */
  function lockFields() {
    const locked = isLocked(root);
    if (!locked && !wasLocked) return;
    wasLocked = locked;
    for (const { id } of store.state.policies) policies.card(id)?.editor.setLocked(locked);
    for (const region of [byId('policies', root), byId('request', root)]) {
      for (const field of region.querySelectorAll('input, textarea, select')) {
        if (field instanceof HTMLSelectElement || (field instanceof HTMLInputElement && field.type === 'checkbox')) field.disabled = locked;
        else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.readOnly = locked;
      }
    }
  }
  new MutationObserver(lockFields).observe(byId('regions', root), { childList: true, subtree: true });

  const resetButton = byId('embed-reset', root);
  resetButton.addEventListener('click', () => {
    const before = store.state;
    if (mounted) return mounted.reset();
    events.reset();
    toast('Started over.', { root, undo: () => load(before) });
  });
  const { share } = events;
  const openButton = byId('embed-open', root);
  openButton.hidden = share === undefined;
  openButton.addEventListener('click', async () => {
    // The tab is opened while the click still counts as one; the address follows.
    const tab = window.open('', '_blank');
    const address = await share?.();
    if (!tab || address === undefined) return complain('The browser did not open a window.', address === undefined ? [] : [{ label: 'Open it here', href: address }]);
    tab.opener = null;
    tab.location.href = address;
  });
  byId('verdict-bar', root).addEventListener('click', () => byId('outcome', root).scrollIntoView({ block: 'nearest' }));

  /** @param {PageState} state */
  function load(state) {
    initialState = state;
    standing = undefined;
    guessed = false;
    passed = false;
    decision.forget();
    dismiss('embed', root);
    store.set(state, 'load');
    configure();
  }

  store.subscribe((state, change) => {
    resetButton.hidden = same(toScenario(state), toScenario(initialState));
    if (change === 'load' || change === 'tests') showView(root, host.getAttribute('view'), state.tests.length > 0);
    events.emit('iam-change', { scenario: toScenario(state) });
    evaluate();
  });

  /** @param {string} text @param {string} what */
  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      toast(`Copied ${what}.`, { root });
    } catch {
      toast('The browser does not allow copying here. Select the text and copy it.', { root });
    }
  }

  /**
   * A message at the top, with ways on.
   * @param {string} message
   * @param {WayOn[]} [ways]
   */
  function complain(message, ways = []) {
    dismiss('embed', root);
    byId('notices', root).append(
      h(
        'div',
        { class: 'notice notice-error', data: { testid: 'notice', kind: 'embed' } },
        icon('error', 'Error'),
        h('p', null, message),
        ...ways.map(({ label, run, href }) =>
          href === undefined
            ? h('button', { type: 'button', class: 'button', onclick: run }, label)
            : h('a', { class: 'button', href, target: '_blank', rel: 'noopener' }, label),
        ),
        h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close this message', onclick: () => dismiss('embed', root) }, icon('cross')),
      ),
    );
  }

  configure();
  evaluate();

  return {
    get state() {
      return store.state;
    },
    get report() {
      return latest?.report;
    },
    configure,
    load,
    complain(/** @type {string} */ message, /** @type {WayOn[]} */ ways = []) {
      complain(message, ways);
      void measured().then(reveal);
    },
    /** It was taken out of the page: the engine forgets it, and so can the browser. */
    rest() {
      if (waiting.length > 0) return;
      engine.leave(client);
      rests = true;
    },
    back() {
      if (!rests) return;
      rests = false;
      answeredRevision = -1;
      evaluate();
    },
    /** With all that the engine can say, where it can be had. @returns {Promise<Report>} */
    async evaluate() {
      await engine.wake().catch(() => undefined);
      if (latest && answeredRevision === store.revision) return Promise.resolve(latest.report);
      return new Promise((resolve, reject) => {
        waiting.push({ revision: store.revision, resolve, reject });
        evaluate();
      });
    },
    focus() {
      const field = frame.querySelector('.region:not(.iam-out) .cm-content, .region:not(.iam-out) input, .region:not(.iam-out) textarea');
      if (field instanceof HTMLElement) field.focus({ preventScroll: true });
    },
    leaveLesson() {
      mounted?.leave();
      mounted = undefined;
    },
    /** @param {import('./lessons.js').Lesson} lesson */
    mountLesson(lesson) {
      mounted?.leave();
      const place = byId('lesson-place', root);
      place.replaceChildren();
      place.hidden = lesson.mount === undefined;
      mounted = lesson.mount?.(place, host, {
        root,
        store,
        card: policies.card,
        load,
        ask: engine.ask,
        tell: (message, undo) => toast(message, { root, ...(undo && { undo }) }),
        hush: (next) => {
          if (hides === next) return;
          hides = next;
          if (latest && !predicts()) show(latest);
        },
        passed: (id) => events.emit('iam-pass', { report: latest?.report, lesson: id }),
      }) ?? undefined;
      configure();
    },
  };
}
