// One engine for all embeds on a page. Each embed has at most one scenario waiting, the latest; they take turns.
// @ts-check

import { createEngine } from '../engine.js';
import { connect } from './connect.js';

/**
 * @typedef {import('../types.d.ts').Scenario} Scenario
 * @typedef {import('../types.d.ts').Report} Report
 *
 * @typedef {object} Client  one embed
 * @property {(report: Report, milliseconds: number) => void} done
 * @property {(message: string, givenUp: boolean) => void} trouble  the engine stopped at this embed's scenario
 * @property {() => void} settled  the whole engine is here: it has more to say of the same scenario
 * @property {(message: string) => void} dead  there is no engine, and will be none
 */

/** @typedef {ReturnType<typeof createPool>} Pool */

/** By the address of the engine: elements that name different ones get different ones. @type {Map<string, Pool>} */
const pools = new Map();

/** @param {string | undefined} wasm */
export function sharedEngine(wasm) {
  const key = wasm ?? '';
  let pool = pools.get(key);
  // One that could not be loaded is tried again by whoever asks next: the network may be back.
  if (!pool || pool.isDead()) {
    pool = createPool(wasm);
    pools.set(key, pool);
  }
  return pool;
}

/** @param {string | undefined} wasm */
function createPool(wasm) {
  /** @type {Map<Client, { scenario: Scenario, client: Client }>} */
  const waiting = new Map();
  /** @type {Client | undefined} */
  let current;
  /** @type {string | undefined} */
  let dead;
  let version = '';
  let mode = '';
  /** Whether the whole engine was there once: after a crash it is wanted again. */
  let whole = false;
  /** Everyone who ever asked, to be told when it ends. @type {Set<Client>} */
  const clients = new Set();

  const engine = createEngine(
    {
      onReady: (name) => {
        version = name;
      },
      onSettled: () => {
        if (whole) return;
        whole = true;
        for (const client of clients) client.settled();
      },
      onTrouble: (message, givenUp) => {
        const client = current;
        if (givenUp) current = undefined;
        client?.trouble(message, givenUp);
        next();
      },
      onDead: (message) => {
        dead = message;
        current = undefined;
        waiting.clear();
        for (const client of clients) client.dead(message);
      },
    },
    () => connect({ wasm, whole }, (name) => (mode = name)),
  );

  function next() {
    if (current || dead !== undefined) return;
    const [job] = waiting.values();
    if (!job) return;
    waiting.delete(job.client);
    current = job.client;
    engine.evaluate(job.scenario, (report, milliseconds) => {
      current = undefined;
      // Asked anew meanwhile, it gets the newer answer in its turn.
      if (!waiting.has(job.client)) job.client.done(report, milliseconds);
      next();
    });
  }

  return {
    /** @param {Client} client @param {Scenario} scenario */
    evaluate(client, scenario) {
      clients.add(client);
      if (dead !== undefined) {
        const message = dead;
        queueMicrotask(() => client.dead(message));
        return;
      }
      waiting.set(client, { scenario, client });
      next();
    },
    ask: engine.ask,
    /** Fetches the whole engine, if it is not here. Rejected where it cannot be had; the small one goes on. */
    wake: () => (whole ? Promise.resolve() : engine.ask('version', [], [])),
    /** @param {Client} client */
    leave(client) {
      clients.delete(client);
      waiting.delete(client);
    },
    isDead: () => dead !== undefined,
    /** The engine's version and where it runs, once it does. */
    about: () => ({ version, mode }),
  };
}
