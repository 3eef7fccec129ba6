// The examples as cards, to be searched by words and by what they teach. Imported when it is opened for the first time.
// @ts-check

import { h } from './dom.js';
import { CONCEPTS } from './concepts.js';
import { icon } from './icons.js';
import { kindInfo } from './kinds.js';
import { inline } from './markdown.js';

/** @typedef {import('./types.d.ts').Example} Example */

/**
 * @param {() => Example[]} all
 * @param {(example: Example) => void} pick
 */
export function createGallery(all, pick) {
  /** The concept that is asked for. */
  let concept = '';
  const search = h('input', {
    type: 'search',
    class: 'gallery-search',
    placeholder: 'Search: MFA, bucket, role, iam:PassRole …',
    'aria-label': 'Search the examples',
    autocomplete: 'off',
    spellcheck: 'false',
    data: { testid: 'gallery-search' },
    oninput: render,
  });
  const count = h('p', { class: 'hint', role: 'status' });
  const concepts = h('div', { class: 'gallery-concepts', role: 'group', 'aria-label': 'What it teaches' });
  const cards = h('ul', { class: 'gallery-cards', data: { testid: 'gallery-cards' } });
  const nothing = h(
    'p',
    { class: 'empty', hidden: true },
    'No example has all of that. ',
    h('button', { type: 'button', class: 'button small', onclick: clear }, 'Show all'),
  );
  const dialog = h(
    'dialog',
    { class: 'help gallery', 'aria-labelledby': 'gallery-title', data: { testid: 'gallery' } },
    h(
      'header',
      { class: 'help-header' },
      h('h2', { id: 'gallery-title' }, 'Examples'),
      h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Close'),
    ),
    search,
    h('details', { class: 'gallery-filter' }, h('summary', null, 'By what they teach'), concepts),
    count,
    cards,
    nothing,
  );
  // A click on the backdrop is one on the dialog itself.
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);

  function clear() {
    search.value = '';
    concept = '';
    render();
    search.focus();
  }

  /** @param {Example} example */
  function card(example) {
    const labels = (example.concepts ?? []).map((code) => CONCEPTS[code] ?? code);
    const kinds = [...new Set(example.policies.map((policy) => kindInfo(policy.kind).one))];
    return h(
      'li',
      { class: 'gallery-card', data: { example: example.id } },
      h(
        'button',
        {
          type: 'button',
          class: 'gallery-open',
          onclick: () => {
            dialog.close();
            pick(example);
          },
        },
        h('strong', null, example.title ?? example.id),
        h('span', { class: 'gallery-summary' }, ...inline(example.summary ?? '')),
        h('span', { class: 'gallery-kinds' }, kinds.join(', ') || 'no policies'),
      ),
      h(
        'ul',
        { class: 'gallery-labels', 'aria-label': 'Teaches' },
        ...labels.map((label) => h('li', null, label)),
      ),
    );
  }

  function render() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = all().filter((example) => {
      if (concept && !example.concepts?.includes(concept)) return false;
      const text = searchText(example);
      return words.every((word) => text.includes(word));
    });
    cards.replaceChildren(...found.map(card));
    nothing.hidden = found.length > 0;
    count.textContent = found.length === 1 ? '1 example' : `${found.length} examples`;
    const used = new Set(all().flatMap((example) => example.concepts ?? []));
    concepts.replaceChildren(
      ...Object.entries(CONCEPTS)
        .filter(([code]) => used.has(code))
        .map(([code, label]) =>
          h(
            'button',
            {
              type: 'button',
              class: 'gallery-concept',
              'aria-pressed': String(code === concept),
              data: { concept: code },
              onclick: () => {
                concept = code === concept ? '' : code;
                render();
                /** @type {HTMLElement | null} */ (concepts.querySelector(`[data-concept=${code}]`))?.focus();
              },
            },
            code === concept && icon('check'),
            label,
          ),
        ),
    );
  }

  return {
    open() {
      render();
      dialog.showModal();
      search.focus();
      search.select();
    },
    render,
  };
}

/** What a search looks into: everything a reader sees of an example. @param {Example} example */
function searchText(example) {
  const labels = (example.concepts ?? []).map((code) => `${code} ${CONCEPTS[code] ?? ''}`);
  const policies = example.policies.map((policy) => `${policy.kind} ${kindInfo(policy.kind).one} ${JSON.stringify(policy)}`);
  return [example.title, example.summary, example.description, ...labels, ...policies, JSON.stringify(example.request)]
    .join(' ')
    .toLowerCase();
}
