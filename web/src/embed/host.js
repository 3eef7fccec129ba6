// The engine behind an embed, spoken to by messages: inside a worker, or on the page itself where no worker may run.
// It is the whole engine at once: a page of documentation has time until its reader scrolls.
// @ts-check

import { namesManagedPolicies } from '../by-name.js';
import { answer, evaluate, need, start, version } from '../worker-whole.js';

/**
 * @typedef {import('../worker.js').FromWorker} FromWorker
 * @typedef {import('../worker.js').ToWorker | { type: 'start', wasm: string | undefined }} ToHost
 */

/**
 * @param {(message: FromWorker) => void} post  sends an answer back
 * @returns {(message: ToHost) => Promise<void>} takes a message
 */
export function createHost(post) {
  return async function receive(message) {
    if (message.type === 'start') {
      try {
        await start(message.wasm);
        post({ type: 'ready', version: version() });
      } catch (error) {
        post({ type: 'failed', id: null, message: `the engine could not be loaded: ${words(error)}` });
      }
    } else if (message.type === 'evaluate') {
      if (namesManagedPolicies(message.scenario)) {
        // What takes long here is the network, not the engine.
        post({ type: 'loading', id: message.id, done: false });
        await need('managed-policies').catch((error) => console.info(`the AWS managed policies are missing: ${words(error)}`));
        post({ type: 'loading', id: message.id, done: true });
      }
      try {
        const begin = performance.now();
        const report = evaluate(/** @type {any} */ (message.scenario), message.now);
        post({ type: 'report', id: message.id, report, milliseconds: performance.now() - begin });
      } catch (error) {
        post({ type: 'failed', id: message.id, message: words(error) });
      }
    } else if (message.type === 'ask') {
      try {
        post({ type: 'answer', id: message.id, value: await answer(message.method, message.args, message.parts) });
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
