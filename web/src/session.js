// Where the work is kept: in the address bar as a link, and in the browser's storage for the next visit.
// @ts-check

import { debounce } from './dom.js';
import { notice, toast } from './notices.js';
import { ScenarioError, toScenario, toState } from './scenario.js';
import { LinkError, decodeLink, encodeFragment } from './share.js';
import { recall, remember } from './storage.js';

/**
 * @typedef {import('./types.d.ts').PageState} PageState
 * @typedef {import('./store.js').Store} Store
 * @typedef {import('./share.js').View} View
 * @typedef {{ state: PageState, view: View, own: boolean }} Opened
 *   `own`: it is not the example that everybody meets first
 */

/** The scenario kept from the last visit, if there is a readable one. @returns {PageState | undefined} */
function keptState() {
  const text = recall('scenario');
  if (text === undefined) return undefined;
  try {
    return toState(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Reads the state in a fragment; what is wrong with it is told in a notice.
 * @param {string} fragment
 * @returns {Promise<Opened | undefined>}
 */
async function openLink(fragment) {
  try {
    const link = await decodeLink(fragment);
    return link && { state: toState(link.scenario), view: link.view, own: true };
  } catch (error) {
    if (!(error instanceof LinkError || error instanceof ScenarioError)) throw error;
    const why = error instanceof ScenarioError ? `what it holds is no scenario: ${error.message}` : error.message;
    const link = location.href;
    notice('link', 'warning', `The link could not be opened: ${why}. Nothing was changed.`, [
      { label: 'Copy the link as it came', run: () => void copyText(link, 'the link') },
    ]);
    return undefined;
  }
}

/**
 * What to begin with: the link, else the last visit's work, else the example.
 * @param {() => PageState} example
 * @returns {Promise<Opened>}
 */
export async function firstState(example) {
  const linked = await openLink(location.hash);
  const kept = keptState();
  if (!linked) return { state: kept ?? example(), view: {}, own: kept !== undefined };
  if (kept && JSON.stringify(toScenario(kept)) !== JSON.stringify(toScenario(linked.state))) {
    // The link takes the kept work's place at the next change: it stays within reach.
    remember('before-link', recall('scenario'));
  }
  return linked;
}

/** The work that a link took the place of. @returns {PageState | undefined} */
export function stateBeforeLink() {
  const text = recall('before-link');
  remember('before-link', undefined);
  if (text === undefined) return undefined;
  try {
    return toState(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Keeps the state from now on.
 * @param {Store} store
 * @param {(opened: Opened) => void} load  puts a state on the page, with Undo
 * @param {() => View} view  how the page is looked at
 */
export function keepSession(store, load, view) {
  let written = '';
  let revision = 0;
  let held = false;

  const write = async () => {
    if (held) return;
    const scenario = toScenario(store.state);
    remember('scenario', JSON.stringify(scenario));
    revision = store.revision;
    const looked = view();
    const fragment = await encodeFragment(scenario, looked);
    if (held || revision !== store.revision || looked.step !== view().step) return;
    written = fragment;
    try {
      if (location.hash !== fragment) history.replaceState(null, '', fragment);
    } catch {
      // A browser may refuse a very long address, or too many in a short time: the storage has it.
    }
  };
  const save = debounce(() => void write(), 300);

  store.subscribe(() => save.call());
  addEventListener('pagehide', () => {
    if (!held) remember('scenario', JSON.stringify(toScenario(store.state)));
  });
  addEventListener('hashchange', async () => {
    const { hash } = location;
    if (hash === written) return;
    const opened = await openLink(hash);
    if (opened) load(opened);
  });

  return {
    /** Keeps the work as it is now, and leaves storage and address alone until the function it returns is called. */
    hold() {
      save.flush();
      held = true;
      return () => {
        held = false;
        save.call();
      };
    },
    /** The view has changed; the scenario has not. */
    viewed: () => save.call(),
    link,
    async share() {
      await copyText(await link(), 'the link');
    },
  };

  /** The address of the work as it is now. */
  async function link() {
    save.cancel();
    await write();
    return location.href;
  }
}

/** @param {string} text @param {string} what */
export async function copyText(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Copied ${what}.`);
  } catch {
    toast(`The browser does not allow copying here. ${what === 'the link' ? 'The link is in the address bar.' : 'Select the text and copy it.'}`);
  }
}
