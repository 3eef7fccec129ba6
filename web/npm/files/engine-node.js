// The engine in Node.js: ready once this module is imported. The default export is there so that one source runs in
// browsers too.
import { readFileSync } from 'node:fs';
import { initSync } from './iam_playground.js';

initSync({ module: readFileSync(new URL('./assets/iam_playground_bg.wasm', import.meta.url)) });

export { dataDate, evaluate, load, version } from './iam_playground.js';

/** The engine is loaded already: there is nothing to wait for. */
export default async function init() {}
