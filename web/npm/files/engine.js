// The engine in a browser: call the default export once, then `evaluate`.
export { dataDate, default, evaluate, load, version } from './iam_playground.js';
