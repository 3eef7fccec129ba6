// The worker that the page's engine runs in, and the near engine. A module of its own: an embed brings another worker, and
// has no near engine.
// @ts-check

/**
 * @param {boolean} testHooks  whether it may be made to crash and to hang
 * @returns {import('./engine.js').WorkerLike}
 */
export function pageWorker(testHooks) {
  const address = new URL('./worker.js', import.meta.url);
  if (testHooks) address.search = 'test-hooks';
  return new Worker(address, { type: 'module', name: 'engine' });
}

/** @param {WebAssembly.Module} module  the whole engine, as the worker compiled it */
export async function nearEngine(module) {
  const { start } = await import('./near.js');
  return start(module);
}
