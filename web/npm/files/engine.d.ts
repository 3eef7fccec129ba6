import type { InitInput } from './iam_playground.js';

export * from './iam_playground.js';

/**
 * Loads the engine: in a browser, once, before anything else is called; in Node.js it is loaded already.
 * `module_or_path` is the address of the .wasm file, where it is not the one beside this module.
 */
export default function init(options?: { module_or_path: InitInput | Promise<InitInput> }): Promise<unknown>;
