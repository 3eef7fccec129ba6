// One lesson under way: what the learner finds, what is judged, what is kept, and what can be changed meanwhile.
// The judging is the engine's; here is only what is on screen.
// @ts-check

import { byId, h } from '../dom.js';
import { dropToast } from '../notices.js';
import { same, toScenario, toState } from '../scenario.js';
import { changesPolicies } from './course.js';
import { createPanel } from './panel.js';

/**
 * @typedef {import('../types.d.ts').PageState} PageState
 * @typedef {import('../types.d.ts').RequestFields} RequestFields
 * @typedef {import('./course.js').Course} Course
 * @typedef {import('./course.js').Judgement} Judgement
 * @typedef {import('./course.js').Lesson} Lesson
 * @typedef {import('./progress.js').Progress} Progress
 *
 * @typedef {object} Host  where the lesson takes place: the page, or an embed
 * @property {import('../dom.js').Root} root
 * @property {import('../store.js').Store} store
 * @property {(id: string) => import('../policy-card.js').Card | undefined} card
 * @property {(state: PageState) => void} load  puts another scenario there, without a word
 * @property {(method: string, args: unknown[], parts?: import('../worker.js').DataPart[]) => Promise<any>} ask
 * @property {(message: string, undo?: () => void) => void} tell
 * @property {import('../hush.js').Hush} hush
 *
 * @typedef {object} Ways
 * @property {import('./prose.js').LinkTo} linkTo
 * @property {(id: string) => void} open  another lesson
 * @property {() => void} [contents]  the table of contents, where there is one
 * @property {(stays: boolean) => void} [leave]  back to where the learner came from; or something else was opened and stays
 * @property {() => void} [leaves]  something else was opened: the same where there is no way back
 * @property {() => void} [passed]
 */

/** @typedef {ReturnType<typeof createLesson>} OpenLesson */

/**
 * @param {Lesson} lesson
 * @param {Course} course
 * @param {Progress} progress
 * @param {Host} host
 * @param {Ways} ways
 */
export function createLesson(lesson, course, progress, host, ways) {
  const { store, root } = host;
  const writes = changesPolicies(lesson);
  const start = toState(lesson.start);
  const kept = progress.of(lesson.id);
  /** The learner's texts by policy, and the request they look for. */
  let mine = { policies: { ...kept.policies }, request: kept.request };
  let solved = false;
  /** Which set of policies is on screen, in a lesson that compares two. */
  let side = 0;
  let left = false;
  let loading = false;
  let guesses = { ...kept.guesses };
  let hints = Math.min(kept.hints ?? 0, lesson.hints.length);
  let passed = false;
  /** Whether findings in policies that cannot be changed are shown: before the lesson is done they would give it away. */
  let open = false;
  /** Whether the first answer is still to be guessed. */
  let predicting = lesson.predict && kept.guess === undefined && kept.done === undefined && lesson.kind !== 'read';
  /** @type {Judgement | undefined} */
  let judgement;

  const panel = createPanel(lesson, course, {
    linkTo: ways.linkTo,
    contents: ways.contents,
    leave: ways.leave && (() => ways.leave?.(false)),
    open: ways.open,
    loadRequest,
    predict,
    guess,
    again,
    hint,
    solve,
    reset,
    side: (next) => {
      side = next;
      put();
    },
    retry: judge,
  });

  // ---- What is on screen --------------------------------------------------------------------------------------

  /** The scenario as it is to be seen now. @returns {PageState} */
  function wanted() {
    const solution = solved && lesson.solution ? toState(lesson.solution) : undefined;
    const other = side === 0 ? 1 : 0;
    const hidden = lesson.find?.sides?.[other]?.policies ?? [];
    const shown = lesson.find?.sides?.[side]?.policies ?? [];
    return {
      ...start,
      title: start.title || lesson.title,
      description: '',
      tests: [],
      request: (writes ? undefined : (solution?.request ?? mine.request)) ?? start.request,
      policies: (writes && solution ? solution : start).policies
        .filter(({ name }) => !hidden.includes(name) || shown.includes(name))
        .map((policy) => {
          const own = writes && !solution && lesson.editable.includes(policy.name) ? mine.policies[policy.name] : undefined;
          return own === undefined ? policy : { ...policy, text: own };
        }),
    };
  }

  function put() {
    loading = true;
    host.load(wanted());
    loading = false;
    lock();
    judge();
  }

  /** @param {{ name: string }} policy */
  const isRead = ({ name }) => !writes || !lesson.editable.includes(name);

  /** Only what the lesson is about can be changed. */
  function lock() {
    for (const { id, name } of store.state.policies) {
      host.card(id)?.restrict({ text: solved || isRead({ name }), frame: true });
    }
    const free = lesson.find?.change ?? (veiled() ? [] : ['principal', 'action', 'resource', 'resource-account', 'context']);
    for (const name of /** @type {const} */ (['principal', 'action', 'resource', 'resource-account'])) {
      const field = root.querySelector(`[data-testid="${name}"]`);
      if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) field.readOnly = !free.includes(/** @type {'action'} */ (name)) || (solved && !writes);
    }
    byId('context', root).inert = !free.includes('context') || (solved && !writes);
    const regions = byId('regions', root);
    regions.classList.toggle('is-lesson', !left);
    regions.classList.toggle('is-veiled', veiled());
    host.hush(left || open ? undefined : isRead);
    veil.hidden = !veiled();
    veilHint.textContent = predicting ? 'Say first what the answer will be.' : 'Guess all answers first.';
  }

  const veilHint = h('p', null);
  const veil = h(
    'div',
    { class: 'lesson-veil', hidden: true, data: { testid: 'lesson-veil' } },
    veilHint,
    h('button', { type: 'button', class: 'button', onclick: () => panel.focusQuestion() }, 'Go to the question'),
  );
  byId('decision', root).before(veil);
  const tests = byId('tests', root).parentElement;

  /** Whether the decision is not to be seen yet. */
  function veiled() {
    if (left) return false;
    return predicting || (lesson.kind === 'read' && !allGuessed());
  }

  const allGuessed = () => lesson.rows.every((row) => guesses[row.name] !== undefined);

  // ---- What the learner does ----------------------------------------------------------------------------------

  store.subscribe((state, change) => {
    if (left || loading) return;
    if (change === 'load') {
      // Something else was opened.
      leave();
      ways.leave?.(true);
      ways.leaves?.();
      return;
    }
    if (!solved) keep(state);
    judge();
  });

  /** @param {PageState} state */
  function keep(state) {
    if (writes) {
      const own = state.policies.filter(({ name }) => lesson.editable.includes(name)).map(({ name, text }) => [name, text]);
      mine.policies = Object.fromEntries(own);
      const isStart = start.policies.every(({ name, text }) => (mine.policies[name] ?? text) === text);
      progress.change(lesson.id, { policies: isStart ? undefined : mine.policies });
    } else if (lesson.find) {
      mine.request = same(state.request, start.request) ? undefined : state.request;
      progress.change(lesson.id, { request: mine.request });
    }
  }

  /** @param {RequestFields} request @param {string} name */
  function loadRequest(request, name) {
    const before = store.state.request;
    if (same(before, request)) return;
    const set = (/** @type {RequestFields} */ next) => {
      if (!left) store.set({ ...store.state, request: next }, 'request');
    };
    set(request);
    host.tell(`Loaded “${name}” into the request.`, () => set(before));
  }

  /** @param {string} answer */
  async function predict(answer) {
    try {
      const report = await host.ask('evaluate', [toScenario(wanted())], []);
      if (left) return;
      predicting = false;
      progress.change(lesson.id, { guess: answer });
      panel.tellPrediction(answer, report.decision, report.reason.message);
      lock();
      if (judgement) show(judgement);
    } catch (error) {
      panel.trouble(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} row @param {string} answer */
  function guess(row, answer) {
    guesses = { ...guesses, [row]: answer };
    progress.change(lesson.id, { guesses });
    lock();
    if (judgement) show(judgement);
  }

  function again() {
    const before = guesses;
    guesses = {};
    open = false;
    progress.change(lesson.id, { guesses: undefined });
    lock();
    if (judgement) show(judgement);
    host.tell('Started over.', () => {
      if (left) return;
      guesses = before;
      progress.change(lesson.id, { guesses });
      lock();
      if (judgement) show(judgement);
    });
  }

  function hint() {
    hints = Math.min(hints + 1, lesson.hints.length);
    progress.change(lesson.id, { hints });
    panel.showHints(hints);
  }

  function solve() {
    solved = !solved;
    if (predicting) {
      predicting = false;
      panel.tellPrediction(undefined, null, '');
    }
    put();
    panel.showSolved(solved);
  }

  function reset() {
    const before = { mine, hints };
    solved = false;
    mine = { policies: {}, request: undefined };
    const write = () => progress.change(lesson.id, { policies: Object.keys(mine.policies).length > 0 ? mine.policies : undefined, request: mine.request });
    write();
    put();
    panel.showSolved(false);
    host.tell('Back to the beginning.', () => {
      if (left) return;
      ({ mine, hints } = before);
      write();
      put();
    });
  }

  // ---- The judge ----------------------------------------------------------------------------------------------

  let asking = false;
  let waiting = false;

  /** Judges what is on screen; what changes meanwhile is judged after it. */
  async function judge() {
    if (asking) {
      waiting = true;
      return;
    }
    asking = true;
    try {
      do {
        waiting = false;
        const scenario = toScenario(store.state);
        const revision = store.revision;
        const result = /** @type {Judgement} */ (await host.ask('judgeLesson', [lesson, scenario], []));
        if (left) return;
        judgement = result;
        if (revision === store.revision || !waiting) show(result);
      } while (waiting);
    } catch (error) {
      if (!left) panel.trouble(error instanceof Error ? error.message : String(error));
    } finally {
      asking = false;
    }
  }

  /** @param {Judgement} result */
  function show(result) {
    const done = lesson.kind === 'read' ? allGuessed() : result.done;
    const own = done && !solved && !predicting;
    if (own && !progress.isDone(lesson.id)) progress.change(lesson.id, { done: new Date().toISOString() });
    const remaining = course.lessons.filter(({ id }) => !progress.isDone(id));
    panel.show(result, { request: store.state.request, guesses, predicting, solved, done, side, left: remaining });
    if (!own) return;
    if (!passed) ways.passed?.();
    passed = true;
    if (!open) {
      open = true;
      lock();
    }
    if (writes) void askSurplus();
  }

  let measured = '';

  /**
   * How much more than needed the answer allows; AWS's list of actions is loaded for it. It is looked for piece by piece,
   * so that a verdict never waits for it, and given up as soon as the answer is another.
   */
  async function askSurplus() {
    const scenario = toScenario(store.state);
    const now = JSON.stringify(scenario.policies);
    if (now === measured) return;
    measured = now;
    const isOld = () => left || solved || now !== JSON.stringify(toScenario(store.state).policies);
    try {
      const search = await host.ask('beginSurplus', [lesson, scenario], ['services']);
      if (search === undefined) return;
      for (;;) {
        if (isOld()) {
          // Typed back to what it was, it is asked for anew.
          if (measured === now) measured = '';
          await host.ask('endSurplus', [search], []);
          return;
        }
        const surplus = await host.ask('continueSurplus', [search], []);
        if (surplus === undefined) continue;
        if (isOld()) measured = '';
        else panel.showSurplus(surplus);
        return;
      }
    } catch {
      // The score is worth no message of its own: the lesson is passed without it.
      measured = '';
    }
  }

  function leave() {
    if (left) return;
    left = true;
    for (const { id } of store.state.policies) host.card(id)?.restrict({ text: false, frame: false });
    lock();
    veil.remove();
    if (tests) tests.hidden = false;
  }

  if (tests) tests.hidden = true;
  dropToast(root);
  panel.showHints(hints);
  panel.showPrediction(predicting);
  put();
  return { lesson, element: panel.element, bar: panel.bar, focus: panel.focus, leave, reset: lesson.kind === 'read' ? again : reset };
}
