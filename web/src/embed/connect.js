// Where the engine of the embeds runs: in a worker of the same origin; where that is refused, in one made from a blob,
// which may import from another origin; where workers are refused altogether, on the page itself.
// A page's content security policy can forbid each of them, and says so in different ways: what counts is whether the
// engine reports that it is ready.
// @ts-check

/**
 * @typedef {import('../engine.js').WorkerLike} WorkerLike
 * @typedef {'worker' | 'blob' | 'page'} Mode
 *
 * @typedef {object} Port
 * @property {(message: unknown) => void} post
 * @property {() => void} end
 */

/** @type {Mode[]} */
const MODES = ['worker', 'blob', 'page'];

/** Longer than any download of the engine that a reader would wait for. */
const PATIENCE = 60_000;

/** What did not work once is not tried again on this page. */
let first = 0;

/**
 * A worker, or what stands in for one. Like a worker it takes messages at once, and fires `message` and `error`.
 * @param {{ wasm: string | undefined, whole: boolean }} engine  the address of the engine, where it is not the usual one, and
 *   whether the whole engine is wanted from the start
 * @param {(mode: Mode) => void} onMode  told where the engine runs
 * @returns {WorkerLike}
 */
export function connect(engine, onMode) {
  const events = new EventTarget();
  /** @type {unknown[]} */
  let queue = [];
  /** @type {Port | undefined} */
  let port;
  let ended = false;

  const fire = (/** @type {unknown} */ data) => {
    if (!ended) events.dispatchEvent(new MessageEvent('message', { data }));
  };

  async function choose() {
    /** @type {unknown} */
    let trouble;
    for (; first < MODES.length; first += 1) {
      const mode = MODES[first] ?? 'page';
      try {
        const { port: found, ready } = await attempt(mode, engine, fire, (message) => {
          events.dispatchEvent(new ErrorEvent('error', { message, cancelable: true }));
        });
        if (ended) {
          found.end();
          return;
        }
        port = found;
        onMode(mode);
        fire(ready);
        for (const message of queue) port.post(message);
        queue = [];
        return;
      } catch (error) {
        trouble = error;
      }
    }
    first = 0;
    fire({ type: 'failed', id: null, message: trouble instanceof Error ? trouble.message : String(trouble) });
  }
  void choose();

  return {
    addEventListener: /** @type {WorkerLike['addEventListener']} */ (events.addEventListener.bind(events)),
    postMessage(/** @type {unknown} */ message) {
      if (port) port.post(message);
      else queue.push(message);
    },
    terminate() {
      ended = true;
      port?.end();
    },
  };
}

/**
 * Starts the engine in one way.
 * @param {Mode} mode
 * @param {{ wasm: string | undefined, whole: boolean }} engine
 * @param {(message: unknown) => void} onMessage  what the engine says after it is ready
 * @param {(message: string) => void} onError  it broke off after it was ready
 * @returns {Promise<{ port: Port, ready: unknown }>}
 */
async function attempt(mode, engine, onMessage, onError) {
  /** @type {(message: any) => void} */
  let hear = () => {};
  /** @type {(error: Error) => void} */
  let fail = () => {};
  const heard = new Promise((resolve, reject) => {
    hear = resolve;
    fail = reject;
  });
  let ready = false;
  const receive = (/** @type {any} */ message) => {
    if (ready) onMessage(message);
    else if (message.type === 'ready') hear(message);
    else if (message.type === 'failed') fail(new Error(message.message));
  };
  const broken = (/** @type {string} */ message) => {
    if (ready) onError(message);
    else fail(new Error(message));
  };
  const timer = setTimeout(() => fail(new Error('the engine did not start within a minute')), PATIENCE);
  /** @type {Port | undefined} */
  let port;
  try {
    port = mode === 'page' ? await onPage(receive) : inWorker(mode, receive, broken);
    port.post({ type: 'start', ...engine });
    const message = await heard;
    ready = true;
    return { port, ready: message };
  } catch (error) {
    port?.end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {'worker' | 'blob'} mode
 * @param {(message: unknown) => void} receive
 * @param {(message: string) => void} broken
 * @returns {Port}
 */
function inWorker(mode, receive, broken) {
  const worker = mode === 'worker' ? sameOriginWorker() : blobWorker();
  worker.addEventListener('message', (event) => receive(event.data));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    broken(event.message || 'the browser refused the worker');
  });
  return { post: (message) => worker.postMessage(message), end: () => worker.terminate() };
}

// Bundlers look for exactly this expression and take the worker with them.
function sameOriginWorker() {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'iam-playground' });
}

/** A worker from another origin always throws; a blob has the page's, and may import. */
function blobWorker() {
  const address = new URL('./worker.js', import.meta.url).href;
  const code = `import ${JSON.stringify(address)};`;
  const blob = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(blob, { type: 'module', name: 'iam-playground' });
  // The worker has fetched it by the time anything is heard of it.
  const forget = () => URL.revokeObjectURL(blob);
  worker.addEventListener('message', forget, { once: true });
  worker.addEventListener('error', forget, { once: true });
  return worker;
}

/** @param {(message: unknown) => void} receive @returns {Promise<Port>} */
async function onPage(receive) {
  const { createHost } = await import('./host.js');
  let ended = false;
  const take = createHost((message) => {
    if (!ended) receive(message);
  });
  return {
    post: (message) => void take(/** @type {any} */ (message)),
    end: () => {
      ended = true;
    },
  };
}
