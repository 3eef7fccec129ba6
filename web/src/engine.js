// The page's side of the engine: one evaluation under way, at most one waiting (the latest), and a worker that is
// ended and started anew when it crashes or takes too long.
//
// A worker's answer comes after the browser has drawn the key that asked for it, and needs a second frame. So the page
// may have a near engine beside it, which answers small scenarios before the key is drawn. The worker gets these too: it
// finds what AWS's data tells, and where the near engine is no longer used it knows the policies already.
// @ts-check

import { namesManagedPolicies } from './by-name.js';
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
 * @property {string} [text]  the scenario as JSON
 * @property {number} now  the time of the request: whoever answers, the answer is the same
 * @property {Done} done
 * @property {boolean} beside  whether findings are wanted that the report does not have
 * @property {Promise<ReportDiagnostic[]>} [findings]
 * @property {boolean} answered  it, or one after it, by the near engine
 * @property {boolean} retried
 *
 * @typedef {(report: Report, milliseconds: number, findings: Promise<ReportDiagnostic[]> | undefined, early: boolean) => void} Done
 *   `early`: it comes from the near engine, so its findings are still to be looked for
 *
 * @typedef {(scenario: string, now: number) => import('./types.d.ts').ReportParts} Near
 *
 * @typedef {object} EngineEvents
 * @property {(version: string) => void} onReady
 * @property {() => void} onSettled  from now on answers have warnings and suggestions too (or never will)
 * @property {(message: string, givenUp: boolean) => void} onTrouble  the worker was ended and started anew
 * @property {(message: string) => void} onDead  the engine cannot be loaded at all
 */

const LIMIT = 2000;
const TICK = 250;

/** Characters of a scenario, as JSON, that the near engine is given at most. */
const SMALL = 16_000;
/** Milliseconds that the last answer may have taken for the next to be worked out on the page itself. */
const QUICK = 2;

/**
 * @param {EngineEvents} events
 * @param {(testHooks: boolean) => WorkerLike} connect  gives the worker, at each start
 * @param {(engine: WebAssembly.Module) => Promise<Near>} [connectNear]  gives the near engine, where there is to be one
 */
export function createEngine(events, connect, connectNear) {
  const testHooks = new URLSearchParams(location.search).has('test-hooks');
  /** @type {WorkerLike} */
  let worker;
  let ready = false;
  let dead = false;
  let serial = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const asked = new Map();
  let assemble = createAssembler();
  /** @type {Near | undefined} */
  let near;
  let nearAsked = false;
  let nearTraps = false;
  const assembleNear = createAssembler();
  /** Whether the last answer took so little time that nobody would notice it on the page. */
  let quick = false;
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
      quick = message.milliseconds < QUICK;
      if (!job.answered) job.done(report, message.milliseconds, job.findings, false);
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
      if (message.module) whenIdle(message.module);
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
    worker.postMessage({ type: 'evaluate', id: job.id, scenario: textOf(job), now: job.now, beside: job.beside });
    watch();
    expectFindings(job);
  }

  /** @param {Job} job */
  function textOf(job) {
    job.text ??= JSON.stringify(job.scenario);
    return job.text;
  }

  /** @param {Job} job */
  function expectFindings(job) {
    if (!job.beside || asked.has(job.id)) return;
    job.findings = answerTo(job.id).then(JSON.parse);
    // Nobody may wait for them: the engine can stop before its answer.
    job.findings.catch(() => {});
  }

  /** Starts the near engine, once, when nothing else is to be done. @param {WebAssembly.Module} module */
  function whenIdle(module) {
    if (nearAsked || !connectNear) return;
    nearAsked = true;
    // Safari has no idle callbacks.
    (window.requestIdleCallback ?? setTimeout)(() => {
      connectNear(module).then(
        (started) => (near = started),
        (error) => console.info(`every answer comes from the worker: ${error}`),
      );
    });
  }

  /** Has the near engine answer, where it can do so as the worker would, and in no time. @param {Job} job */
  function answerEarly(job) {
    const text = textOf(job);
    // Documents that go by their name are known to the worker alone.
    if (!near || text.length > SMALL || namesManagedPolicies(text)) return next();
    const start = performance.now();
    /** @type {Report} */
    let report;
    try {
      if (nearTraps) throw new WebAssembly.RuntimeError('unreachable');
      report = assembleNear(near(text, job.now));
    } catch {
      // Nothing it says from now on can be trusted. The worker gets what it failed on, and what happens there is told.
      near = undefined;
      return next();
    }
    const milliseconds = performance.now() - start;
    quick = milliseconds < QUICK;
    job.answered = true;
    if (current) current.answered = true;
    expectFindings(job);
    next();
    job.done(report, milliseconds, job.findings, true);
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
    const givenUp = failed !== undefined && !waiting;
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
     * Evaluates a scenario. Where another follows before this one was begun, only that one is answered; no answer comes
     * after that to a later scenario.
     * @param {Scenario} scenario
     * @param {Done} done  gets the report, and what is to come beside it
     * @param {boolean} [beside]  whether findings are wanted that need AWS's service data
     * @param {boolean} [early]  whether the report may come before them
     */
    evaluate(scenario, done, beside = false, early = false) {
      if (dead) return;
      serial += 1;
      // Never sent, it never gets its findings.
      if (waiting) asked.delete(waiting.id);
      /** @type {Job} */
      const job = { id: serial, scenario, now: Date.now(), done, beside, answered: false, retried: false };
      waiting = job;
      if (!early || !near || !quick) return next();
      // Whoever changed the scenario comes to an end first; where that changes it once more, this one need not be answered.
      queueMicrotask(() => {
        if (waiting === job) answerEarly(job);
      });
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
    /** For tests: the next evaluation crashes or hangs; the near engine only crashes. @param {'crash' | 'hang'} kind */
    makeTrouble(kind) {
      if (!testHooks) return;
      nearTraps = true;
      worker.postMessage({ type: kind });
    },
  };
}

/** @typedef {ReturnType<typeof createEngine>} Engine */
