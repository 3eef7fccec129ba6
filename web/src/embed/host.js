// The engine behind an embed, spoken to by messages: inside a worker, or on the page itself where no worker may run.
// The first answer comes from the small engine, as on the page. The whole one, with warnings and everything that is asked
// beside the decision, is three times as large: it is fetched once somebody asks for it. A reader who only reads does not.
// @ts-check

import initFirst, { evaluate as firstEvaluate, version as firstVersion } from '../../pkg/iam_playground_first.js';
import { namesManagedPolicies } from '../by-name.js';
import { answer, evaluateParts, need, start, version } from '../worker-whole.js';

/**
 * @typedef {import('../types.d.ts').Report} Report
 * @typedef {import('../types.d.ts').ReportParts} ReportParts
 * @typedef {import('../worker.js').FromWorker} FromWorker
 *
 * @typedef {object} Start
 * @property {'start'} type
 * @property {string | undefined} wasm  where the whole engine is, if not in its usual place: then it is the only one
 * @property {boolean} whole  the whole engine at once: there was one before
 *
 * @typedef {import('../worker.js').ToWorker | Start} ToHost
 */

/**
 * @param {(message: FromWorker) => void} post  sends an answer back
 * @returns {(message: ToHost) => Promise<void>} takes a message
 */
export function createHost(post) {
  /** @type {(scenario: string, now?: number) => Report | ReportParts} */
  let evaluate = (scenario, now) => firstEvaluate(JSON.parse(scenario), now);
  /** @type {string | undefined} */
  let address;
  let isWhole = false;

  async function needWhole() {
    await start(address);
    if (isWhole) return;
    isWhole = true;
    evaluate = evaluateParts;
    post({ type: 'settled' });
  }

  /** @param {Start} message */
  async function begin({ wasm, whole }) {
    address = wasm;
    if (wasm === undefined && !whole) {
      try {
        await initFirst({ module_or_path: new URL('../../pkg/iam_playground_first_bg.wasm', import.meta.url) });
        return firstVersion();
      } catch (error) {
        console.info(`the small engine is missing, the whole one takes its place: ${words(error)}`);
      }
    }
    await start(wasm);
    isWhole = true;
    evaluate = evaluateParts;
    return version();
  }

  return async function receive(message) {
    if (message.type === 'start') {
      try {
        post({ type: 'ready', version: await begin(message) });
        if (isWhole) post({ type: 'settled' });
      } catch (error) {
        post({ type: 'failed', id: null, message: `the engine could not be loaded: ${words(error)}` });
      }
    } else if (message.type === 'evaluate') {
      if (namesManagedPolicies(message.scenario)) {
        // What takes long here is the network, not the engine.
        post({ type: 'loading', id: message.id, done: false });
        await needWhole()
          .then(() => need('managed-policies'))
          .catch((error) => console.info(`the AWS managed policies are missing: ${words(error)}`));
        post({ type: 'loading', id: message.id, done: true });
      }
      try {
        const begin = performance.now();
        const report = evaluate(message.scenario, message.now);
        post({ type: 'report', id: message.id, report, milliseconds: performance.now() - begin });
      } catch (error) {
        post({ type: 'failed', id: message.id, message: words(error) });
      }
    } else if (message.type === 'ask') {
      try {
        await needWhole();
        post({ type: 'answer', id: message.id, value: await answer(message.method, JSON.parse(message.args), message.parts) });
      } catch (error) {
        post({ type: 'refused', id: message.id, message: words(error) });
      }
    }
  };
}

/** @param {unknown} error */
function words(error) {
  return error instanceof Error ? error.message : String(error);
}
