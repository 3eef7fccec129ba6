// The whole engine, with its warnings and suggestions and everything that is asked beside the decision: loaded once the
// first answer is given. AWS's service data comes after it, in parts, each when it is first needed.
// @ts-check

import * as engine from '../pkg/iam_playground.js';

/** @typedef {import('../pkg/iam_playground.js').DataPart} DataPart */

export const { evaluateParts, version } = engine;

/** @type {Promise<WebAssembly.Module> | undefined} */
let started;

/**
 * Loads the engine, once. After a failure the next call tries again.
 * @param {string | URL} [address]  of the .wasm file, where it is not the one beside this module
 * @returns the engine as it was compiled
 */
export function start(address) {
  started ??= load(address ?? new URL('../pkg/iam_playground_bg.wasm', import.meta.url)).catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

/** @param {string | URL} address */
async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  // Not every server knows the type that a browser asks for to compile while it loads.
  const typed = response.headers.get('content-type') === 'application/wasm';
  const module = await (typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
  await engine.default({ module_or_path: module });
  return module;
}

/** @type {Record<DataPart, URL>} */
const addresses = {
  services: new URL('../../data/services.txt', import.meta.url),
  descriptions: new URL('../../data/descriptions.txt', import.meta.url),
  'managed-names': new URL('../../data/managed-names.txt', import.meta.url),
  'managed-policies': new URL('../../data/managed-policies.txt', import.meta.url),
};

/** @type {Map<DataPart, Promise<void>>} */
const loading = new Map();

/**
 * Loads a part of the data, and before it what it refers to. After a failure the next call tries again.
 * @param {DataPart} part
 * @returns {Promise<void>}
 */
export function need(part) {
  const known = loading.get(part);
  if (known) return known;
  const loaded = fetchPart(part);
  loading.set(part, loaded);
  loaded.catch(() => loading.delete(part));
  return loaded;
}

/** @param {DataPart} part */
async function fetchPart(part) {
  if (part === 'descriptions') await need('services');
  const response = await fetch(addresses[part]);
  if (!response.ok) throw new Error(`${part}: the server answered ${response.status}`);
  const text = await response.text();
  await start();
  engine.load(part, text);
}

/**
 * Answers a question beside the decision.
 * @param {string} method  a function of the engine
 * @param {unknown[]} args
 * @param {DataPart[]} parts  data that it looks into; what cannot be loaded is left out
 */
export async function answer(method, args, parts) {
  await start();
  for (const part of parts) {
    await need(part).catch((error) => console.info(`AWS's data is missing: ${error}`));
  }
  const asked = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (engine))[method];
  if (typeof asked !== 'function') throw new Error(`the engine has no \`${method}\``);
  return asked(...args);
}
