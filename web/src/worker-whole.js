// The whole engine, with its warnings and suggestions: loaded once the first answer is given.
// @ts-check

import init, { evaluate } from '../pkg/iam_playground.js';

export const ready = init({ module_or_path: new URL('../pkg/iam_playground_bg.wasm', import.meta.url) });

export { evaluate };
