// A scenario as a file: out and in.
// @ts-check

import { byId, h } from './dom.js';
import { notice } from './notices.js';
import { ScenarioError, isObject, toScenario, toState } from './scenario.js';

/**
 * @typedef {import('./types.d.ts').PageState} PageState
 * @typedef {import('./store.js').Store} Store
 */

const LARGEST = 5_000_000;

/** @param {Store} store @param {(state: PageState, what: string) => void} load */
export function setUpFiles(store, load) {
  const input = /** @type {HTMLInputElement} */ (byId('import-file'));
  byId('import').addEventListener('click', () => input.click());
  byId('export').addEventListener('click', () => exportFile(store.state));
  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    input.value = '';
    if (file) await importFile(file, load);
  });
}

/** @param {PageState} state */
function exportFile(state) {
  const text = `${JSON.stringify(forFile(state), null, 2)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const name = state.title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  h('a', { href: address, download: `${name || 'scenario'}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The scenario to read in a file: a document that survives it is an object, any other stays text. @param {PageState} state */
function forFile(state) {
  const scenario = toScenario(state);
  const policies = scenario.policies.map((policy) => ({ ...policy, document: asObject(policy.document) }));
  return { ...scenario, policies };
}

/** @param {string | object | undefined} document  undefined where an AWS managed policy is named */
function asObject(document) {
  try {
    const value = JSON.parse(String(document));
    return isObject(value) && JSON.stringify(value, null, 2) === document ? value : document;
  } catch {
    return document;
  }
}

/** @param {File} file @param {(state: PageState, what: string) => void} load */
async function importFile(file, load) {
  try {
    if (file.size > LARGEST) throw new ScenarioError('it is larger than 5 MB');
    const scenarios = scenariosIn(await file.text());
    const [first] = scenarios;
    if (first === undefined) throw new ScenarioError('there is no scenario in it');
    const state = toState(first);
    load(state, `Opened ${file.name}${scenarios.length > 1 ? `, the first of ${scenarios.length} scenarios` : ''}.`);
  } catch (error) {
    const why = error instanceof ScenarioError || error instanceof SyntaxError ? error.message : 'it cannot be read';
    notice('import', 'error', `${file.name} could not be opened: ${why}. Nothing was changed.`);
  }
}

/** One scenario, a list, a collection, or one a line; a bare policy document becomes a scenario of its own. @param {string} text */
function scenariosIn(text) {
  const values = parse(text);
  return values.flatMap((value) => {
    if (Array.isArray(value)) return value;
    if (isObject(value) && Array.isArray(value.scenarios)) return value.scenarios;
    if (isObject(value) && 'Statement' in value) return [{ request: {}, policies: [{ kind: 'identity', name: 'Imported', document: text }] }];
    return [value];
  });
}

/** @param {string} text @returns {unknown[]} */
function parse(text) {
  try {
    return [JSON.parse(text)];
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length < 2) throw error;
    try {
      return lines.map((line) => JSON.parse(line));
    } catch {
      throw error;
    }
  }
}
