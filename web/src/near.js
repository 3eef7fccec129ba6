// The near engine: the whole engine once more, on the page itself, from what the worker has compiled already. It has none
// of AWS's data, so it is not asked what needs them. Imported late: the first decision does without it.
// @ts-check

import init, { evaluateParts } from '../pkg/iam_playground.js';

/** @param {WebAssembly.Module} module @returns {Promise<import('./engine.js').Near>} */
export async function start(module) {
  await init({ module_or_path: module });
  return evaluateParts;
}
