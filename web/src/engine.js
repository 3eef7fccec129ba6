// The page's side of the engine: one evaluation under way, at most one waiting (the latest), and a worker that is
// ended and started anew when it crashes or takes too long.
// @ts-check

import { createAssembler } from './parts.js';

/**
 * @typedef {import('./types.d.ts').Scenario} Scenario
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./types.d.ts').ReportDiagnostic} ReportDiagnostic
 * @typedef {import('./worker.js').FromWorker} FromWorker
 * @typedef {import('./worker.js').DataPart} DataPart
 *
 * @typedef {Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>} WorkerLike  what of a worker is used here
 *
 * @typedef {object} Job
 * @property {number} id
 * @property {Scenario} scenario
 * @property {Done} done
 * @property {boolean} beside  whether findings are wanted that the report does not have
 * @property {Promise<ReportDiagnostic[]>} [findings]
 * @property {boolean} retried
 *
 * @typedef {(report: Report, milliseconds: number, findings: Promise<ReportDiagnostic[]> | undefined) => void} Done
 *
 * @typedef {object} EngineEvents
 * @property {(version: string) => void} onReady
 * @property {() => void} onSettled  from now on answers have warnings and suggestions too (or never will)
 * @property {(message: string, givenUp: boolean) => void} onTrouble  the worker was ended and started anew
 * @property {(message: string) => void} onDead  the engine cannot be loaded at all
 */

const LIMIT = 2000;
const TICK = 250;

/** @param {EngineEvents} events @param {(testHooks: boolean) => WorkerLike} connect  gives the worker, at each start */
export function createEngine(events, connect) {
  const testHooks = new URLSearchParams(location.search).has('test-hooks');
  /** @type {WorkerLike} */
  let worker;
  let ready = false;
  let dead = false;
  let serial = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const asked = new Map();
  let assemble = createAssembler();
  /** @type {Job | undefined} */
  let current;
  /** @type {Job | undefined} */
  let waiting;
  /** @type {number | undefined} */
  let clock;

  function start() {
    ready = false;
    worker = connect(testHooks);
    const own = worker;
    assemble = createAssembler();
    worker.addEventListener('message', (event) => {
      if (own === worker) receive(/** @type {FromWorker} */ (event.data));
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (own !== worker) return;
      if (ready) restart(event.message || 'the worker stopped');
      else die('the engine could not be loaded');
    });
  }

  /** @param {FromWorker} message */
  function receive(message) {
    if (message.type === 'ready') {
      ready = true;
      events.onReady(message.version);
      if (current) send(current);
      else next();
    } else if (message.type === 'report') {
      const report = Array.isArray(message.report) ? assemble(message.report) : message.report;
      if (message.id !== current?.id) return;
      const job = current;
      current = undefined;
      clearInterval(clock);
      job.done(report, message.milliseconds, job.findings);
      next();
    } else if (message.type === 'loading') {
      if (message.id !== current?.id) return;
      if (message.done) watch();
      else clearInterval(clock);
    } else if (message.type === 'answer') {
      asked.get(message.id)?.resolve(message.value);
      asked.delete(message.id);
    } else if (message.type === 'refused') {
      asked.get(message.id)?.reject(new Error(message.message));
      asked.delete(message.id);
    } else if (message.type === 'settled') {
      events.onSettled();
    } else if (message.id === null) {
      die(message.message);
    } else if (message.id === current?.id) {
      restart(message.message);
    }
  }

  function next() {
    if (!ready || current || !waiting) return;
    current = waiting;
    waiting = undefined;
    send(current);
  }

  /** @param {Job} job */
  function send(job) {
    // As text: copying the objects takes the page several times as long as writing them down.
    worker.postMessage({ type: 'evaluate', id: job.id, scenario: JSON.stringify(job.scenario), beside: job.beside });
    watch();
    if (!job.beside) return;
    job.findings = answerTo(job.id).then(JSON.parse);
    // Nobody may wait for them: the engine can stop before its answer.
    job.findings.catch(() => {});
  }

  /** @param {number} id @returns {Promise<any>} */
  function answerTo(id) {
    return new Promise((resolve, reject) => asked.set(id, { resolve, reject }));
  }

  /** Ends the worker where it takes too long. */
  function watch() {
    // Counted in ticks: a computer that slept for an hour has not computed for an hour.
    let ticks = 0;
    clearInterval(clock);
    clock = setInterval(() => {
      ticks += 1;
      if (ticks * TICK >= LIMIT) restart(`no answer within ${LIMIT / 1000} seconds`);
    }, TICK);
  }

  /** @param {string} message */
  function restart(message) {
    clearInterval(clock);
    worker.terminate();
    forget(message);
    const failed = current;
    current = undefined;
    if (failed && !failed.retried && !waiting) waiting = { ...failed, retried: true };
    const givenUp = !waiting;
    start();
    events.onTrouble(message, givenUp);
  }

  /** Nothing will be answered that was asked before. @param {string} message */
  function forget(message) {
    for (const { reject } of asked.values()) reject(new Error(message));
    asked.clear();
  }

  /** @param {string} message */
  function die(message) {
    dead = true;
    clearInterval(clock);
    worker.terminate();
    forget(message);
    events.onDead(message);
  }

  start();
  return {
    /**
     * Evaluates a scenario. Where another follows before this one was begun, only that one is answered.
     * @param {Scenario} scenario
     * @param {Done} done  gets the report, and what is to come beside it
     * @param {boolean} [beside]  whether findings are wanted that need AWS's service data
     */
    evaluate(scenario, done, beside = false) {
      if (dead) return;
      serial += 1;
      waiting = { id: serial, scenario, done, beside, retried: false };
      next();
    },
    /**
     * Asks the whole engine something beside the decision, once it is loaded. Rejected where it cannot be answered:
     * the engine does not load, or was ended meanwhile.
     * @param {string} method  a function of the engine
     * @param {unknown[]} args  what JSON can hold
     * @param {DataPart[]} [parts]  data that it looks into; answered without those that cannot be loaded
     * @returns {Promise<any>}
     */
    ask(method, args, parts = ['services']) {
      if (dead) return Promise.reject(new Error('there is no engine'));
      serial += 1;
      const id = serial;
      const answer = answerTo(id);
      worker.postMessage({ type: 'ask', id, method, args: JSON.stringify(args), parts });
      return answer;
    },
    /** For tests: the next evaluation crashes or hangs. @param {'crash' | 'hang'} kind */
    makeTrouble(kind) {
      if (testHooks) worker.postMessage({ type: kind });
    },
  };
}

/** @typedef {ReturnType<typeof createEngine>} Engine */
