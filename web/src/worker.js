// The engine's worker: one scenario in, one report out. What goes wrong here goes wrong away from the page, which
// can end this worker and start another.
// @ts-check

import init, { evaluate as firstEvaluate, version } from '../pkg/iam_playground_first.js';
import { namesManagedPolicies } from './by-name.js';

/**
 * @typedef {import('./worker-whole.js').DataPart} DataPart
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./types.d.ts').ReportParts} ReportParts
 *
 * The scenario and the arguments are JSON.
 * @typedef {{ type: 'evaluate', id: number, scenario: string, now?: number, beside: boolean }
 *   | { type: 'ask', id: number, method: string, args: string, parts: DataPart[] }
 *   | { type: 'crash' } | { type: 'hang' }} ToWorker
 * @typedef {{ type: 'ready', version: string }
 *   | { type: 'settled', module?: WebAssembly.Module }
 *   | { type: 'loading', id: number, done: boolean }
 *   | { type: 'report', id: number, report: Report | ReportParts, milliseconds: number }
 *   | { type: 'answer', id: number, value: unknown }
 *   | { type: 'refused', id: number, message: string }
 *   | { type: 'failed', id: number | null, message: string }} FromWorker
 */

// Only tests ask for this: the worker's address then ends in `?test-hooks`, and the next evaluation
// can be made to trap, as a panic in the engine does, or never to end.
const testHooks = self.location.search === '?test-hooks';
/** @type {'crash' | 'hang' | undefined} */
let trouble;

// The first answer comes from an engine without warnings and suggestions, because it is smaller to download. The whole
// engine is fetched behind it and takes its place; the page then asks once more.
/** @type {(scenario: string, now?: number) => Report | ReportParts} */
let evaluate = (scenario, now) => firstEvaluate(JSON.parse(scenario), now);
/** @type {Promise<typeof import('./worker-whole.js')> | undefined} */
let whole;

const ready = init({ module_or_path: new URL('../pkg/iam_playground_first_bg.wasm', import.meta.url) });

ready.then(
  () => post({ type: 'ready', version: version() }),
  (error) => post({ type: 'failed', id: null, message: `the engine could not be loaded: ${words(error)}` }),
);

self.addEventListener('message', async (event) => {
  const message = /** @type {ToWorker} */ (event.data);
  if (message.type === 'ask') {
    await answer(message);
    return;
  }
  if (message.type !== 'evaluate') {
    if (testHooks) trouble = message.type;
    return;
  }
  try {
    await ready;
  } catch {
    return;
  }
  if (namesManagedPolicies(message.scenario)) {
    // The page waits without counting the time: what takes long here is the network.
    post({ type: 'loading', id: message.id, done: false });
    await loadManagedPolicies();
    post({ type: 'loading', id: message.id, done: true });
  }
  try {
    makeTrouble();
    const start = performance.now();
    const report = evaluate(message.scenario, message.now);
    post({ type: 'report', id: message.id, report, milliseconds: performance.now() - start });
    // Once the page has drawn it.
    setTimeout(fetchWhole, 250);
  } catch (error) {
    post({ type: 'failed', id: message.id, message: words(error) });
    return;
  }
  if (message.beside) await answer({ id: message.id, method: 'reviewLast', args: '[]', parts: ['services'] });
});

let settling = false;

/** Without the whole engine the first one goes on answering. Who asked for it before this has it, and is told too. */
async function fetchWhole() {
  if (settling) return;
  settling = true;
  /** @type {WebAssembly.Module | undefined} */
  let module;
  try {
    const { start } = await loadWhole();
    module = await start();
  } catch (error) {
    console.info(`warnings and suggestions are missing: ${words(error)}`);
  }
  post({ type: 'settled', module });
}

/** After a failure the next call tries again. */
function loadWhole() {
  whole ??= import('./worker-whole.js').then(async (module) => {
    await module.start();
    evaluate = module.evaluateParts;
    return module;
  });
  const loading = whole;
  loading.catch(() => {
    if (whole === loading) whole = undefined;
  });
  return loading;
}

/** Without them the report says that they are not loaded; the next call tries again. */
async function loadManagedPolicies() {
  try {
    const { need } = await loadWhole();
    await need('managed-policies');
  } catch (error) {
    console.info(`the AWS managed policies are missing: ${words(error)}`);
  }
}

/** @param {Omit<Extract<ToWorker, { type: 'ask' }>, 'type'>} question */
async function answer({ id, method, args, parts }) {
  try {
    const { answer } = await loadWhole();
    post({ type: 'answer', id, value: await answer(method, JSON.parse(args), parts) });
  } catch (error) {
    post({ type: 'refused', id, message: words(error) });
  }
}

function makeTrouble() {
  const kind = trouble;
  trouble = undefined;
  if (kind === 'crash') throw new WebAssembly.RuntimeError('unreachable');
  while (kind === 'hang') {
    // Until the page ends the worker.
  }
}

/** @param {FromWorker} message */
function post(message) {
  self.postMessage(message);
}

/** @param {unknown} error */
function words(error) {
  return error instanceof Error ? error.message : String(error);
}
