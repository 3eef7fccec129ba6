// The examples picker. The first example comes with the page; the others are fetched once it stands.
// @ts-check

import first from '../examples/01-read-one-object.json';
import { byId, h } from './dom.js';
import { same, toScenario, toState } from './scenario.js';

/**
 * @typedef {import('./types.d.ts').Example} Example
 * @typedef {import('./types.d.ts').PageState} PageState
 */

const FIRST_ID = '01-read-one-object';

/** The example that a visitor meets first. */
export const firstExample = /** @type {Example} */ ({ id: FIRST_ID, ...first });

/** @param {Example} example @returns {PageState} */
export function exampleState({ id: _, ...scenario }) {
  return toState(scenario);
}

// Headings of the picker by what an example teaches first; the codes are those of the examples' files (see concepts.js).
/** @type {[string, string[]][]} */
const TOPICS = [
  ['The basics', ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C24']],
  ['Actions, resources, wildcards', ['C8', 'C9']],
  ['Conditions', ['C10', 'C11', 'C12', 'C13']],
  ['Resource policies', ['C7']],
  ['Roles, trust and sessions', ['C14', 'C15', 'C16', 'C17', 'C18']],
  ['Boundaries and organizations', ['C19', 'C20', 'C21']],
  ['Least privilege', ['C22', 'C23', 'C25', 'C30', 'C31']],
  ['Keys, devices, audit', ['C26', 'C27', 'C28', 'C29']],
];

/** @param {Example} example */
function topicOf(example) {
  const concept = example.concepts?.[0] ?? '';
  return TOPICS.find(([, codes]) => codes.includes(concept))?.[0] ?? 'More';
}

/**
 * @param {(example: Example) => void} pick
 * @param {(message: string) => void} fail
 */
export function createExamples(pick, fail) {
  const select = /** @type {HTMLSelectElement} */ (byId('example-picker'));
  /** @type {Example[]} */
  let examples = [firstExample];
  /** @type {Promise<void> | undefined} */
  let loading;
  let shown = '';

  function render() {
    const topics = new Map(TOPICS.map(([name]) => [name, /** @type {Example[]} */ ([])]));
    topics.set('More', []);
    for (const example of examples) topics.get(topicOf(example))?.push(example);
    select.replaceChildren(
      h('option', { value: '' }, 'Pick an example …'),
      ...[...topics].flatMap(([name, own]) =>
        own.length === 0
          ? []
          : [
              h(
                'optgroup',
                { label: name },
                ...own.map((example) => h('option', { value: example.id, title: example.summary }, example.title ?? example.id)),
              ),
            ],
      ),
    );
    select.value = shown;
  }

  /** Fetches the gallery, once; a failure can be tried again. */
  function load() {
    loading ??= fetchAll().catch((error) => {
      loading = undefined;
      fail(`The examples could not be loaded: ${error instanceof Error ? error.message : error}.`);
    });
    return loading;
  }

  async function fetchAll() {
    const { examplesAddress } = await import('./examples-address.js');
    const response = await fetch(examplesAddress);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    examples = /** @type {Example[]} */ (await response.json());
    render();
  }

  /** @type {ReturnType<typeof import('./gallery.js').createGallery> | undefined} */
  let gallery;
  async function openGallery() {
    const { createGallery } = await import('./gallery.js');
    gallery ??= createGallery(() => examples, pick);
    gallery.open();
    await load();
    gallery.render();
  }

  byId('gallery-button').addEventListener('click', () => void openGallery());
  select.addEventListener('focus', () => void load());
  select.addEventListener('change', () => {
    const example = examples.find((other) => other.id === select.value);
    select.value = shown;
    if (example) pick(example);
  });
  render();

  return {
    load,
    openGallery,
    /** Shows which example is on the page: none where it is not one. @param {string} id */
    show(id) {
      shown = id;
      select.value = examples.some((example) => example.id === id) ? id : '';
    },
    /** The id of the example that a state is, untouched; empty where it is none. @param {PageState} state */
    find(state) {
      const now = toScenario(state);
      return examples.find((example) => same(toScenario(exampleState(example)), now))?.id ?? '';
    },
  };
}
