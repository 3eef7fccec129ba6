// What stands under the pointer, or at the cursor: what it means, and what it does with the request at hand.
// @ts-check

import { StateEffect, StateField } from '@codemirror/state';
import { EditorView, closeHoverTooltips, hoverTooltip, showTooltip } from '@codemirror/view';
import { freshId, h } from '../dom.js';
import { icon } from '../icons.js';
import { prose } from '../markdown.js';

/**
 * @typedef {import('../../pkg/iam_playground.js').Hover} Hover
 * @typedef {import('../../pkg/iam_playground.js').Expansion} Expansion
 * @typedef {import('./assistance.js').AskHere} AskHere
 * @typedef {import('../store.js').Ask} Ask
 * @typedef {import('@codemirror/view').Tooltip} Tooltip
 */

/** @type {import('@codemirror/state').StateEffectType<Tooltip | null>} */
const setShown = StateEffect.define();

/** The one that was opened by key. @type {StateField<Tooltip | null>} */
const shown = StateField.define({
  create: () => /** @type {Tooltip | null} */ (null),
  update(tooltip, transaction) {
    for (const effect of transaction.effects) if (effect.is(setShown)) return effect.value;
    return transaction.docChanged ? null : tooltip;
  },
  provide: (field) => showTooltip.from(field),
});

/** @param {AskHere} ask @param {Ask} askEngine */
export function hovers(ask, askEngine) {
  return [
    shown,
    hoverTooltip(
      async (view, at) => {
        const hover = await find(view, at, ask);
        if (!hover) return null;
        return {
          pos: hover.start.offset,
          end: hover.end.offset,
          above: true,
          create: () => ({ dom: card(view, hover, ask, askEngine, () => view.dispatch({ effects: closeHoverTooltips })) }),
        };
      },
      { hoverTime: 350 },
    ),
  ];
}

/**
 * Shows what stands at the cursor, and goes into it; Escape comes back.
 * @param {EditorView} view
 * @param {AskHere} ask
 * @param {Ask} askEngine
 */
export async function showHover(view, ask, askEngine) {
  const { head } = view.state.selection.main;
  const doc = view.state.doc;
  const hover = await find(view, head, ask);
  if (view.state.doc !== doc) return;
  const close = (/** @type {boolean} */ back) => {
    view.dispatch({ effects: setShown.of(null) });
    if (back) view.focus();
  };
  view.dispatch({
    effects: setShown.of({
      pos: hover ? hover.start.offset : head,
      above: true,
      create: () => {
        const dom = hover ? card(view, hover, ask, askEngine, () => close(true)) : h('div', { class: 'hover-card' }, h('p', null, 'There is nothing to say about this place.'));
        dom.tabIndex = -1;
        dom.setAttribute('role', 'dialog');
        dom.setAttribute('aria-label', hover ? `About ${hover.title}` : 'About this place');
        dom.addEventListener('keydown', (event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          close(true);
        });
        dom.addEventListener('focusout', (event) => {
          // A redrawn list takes the focus away, not the reader.
          if (event.relatedTarget instanceof Node && !dom.contains(event.relatedTarget)) close(false);
        });
        return { dom, mount: () => dom.focus({ preventScroll: true }) };
      },
    }),
  });
}

/** @param {EditorView} view @param {number} at @param {AskHere} ask @returns {Promise<Hover | null>} */
async function find(view, at, ask) {
  const doc = view.state.doc;
  try {
    const hover = /** @type {Hover | null} */ (await ask('hover', [at]));
    return view.state.doc === doc ? hover : null;
  } catch (error) {
    console.info(`nothing can be said: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

/**
 * @param {EditorView} view
 * @param {Hover} hover
 * @param {AskHere} ask
 * @param {Ask} askEngine
 * @param {() => void} close
 */
function card(view, hover, ask, askEngine, close) {
  const { matches, pattern } = hover;
  const facts = h('dl', { class: 'hover-facts' });
  for (const { term, text } of hover.facts) {
    const here = term === 'In this request' && matches !== undefined;
    facts.append(h('dt', null, term), h('dd', null, here && icon(matches ? 'check' : 'cross', matches ? 'yes' : 'no'), here && ' ', ...prose(text)));
  }
  const box = h(
    'div',
    { class: 'hover-card', data: { testid: 'hover' } },
    h('p', { class: 'hover-title' }, h('code', null, hover.title)),
    ...hover.paragraphs.map((paragraph) => h('p', null, prose(paragraph))),
    hover.facts.length > 0 && facts,
  );
  const actions = h('p', { class: 'hover-actions' });
  if (pattern !== undefined) {
    const list = h(
      'button',
      {
        type: 'button',
        class: 'button small',
        data: { testid: 'expand' },
        onclick: async () => {
          list.disabled = true;
          const found = await expanded(view, hover, pattern, ask, askEngine, close).catch(() => h('p', null, 'The list of actions could not be loaded.'));
          list.remove();
          actions.before(found);
          found.focus();
        },
      },
      'List the actions',
    );
    actions.append(list);
  }
  if (hover.link !== undefined) {
    actions.append(h('a', { href: hover.link, target: '_blank', rel: 'noopener noreferrer' }, 'AWS’s documentation'));
  }
  if (actions.childElementCount > 0) box.append(actions);
  return box;
}

/**
 * The actions that a pattern covers, with a button that writes them out.
 * @param {EditorView} view
 * @param {Hover} hover
 * @param {string} pattern
 * @param {AskHere} ask
 * @param {Ask} askEngine
 * @param {() => void} close
 */
async function expanded(view, hover, pattern, ask, askEngine, close) {
  const doc = view.state.doc;
  const [expansion, fix] = await Promise.all([
    /** @type {Promise<Expansion>} */ (askEngine('expand', [pattern], ['services', 'descriptions'])),
    view.state.readOnly ? null : ask('expandAt', [hover.start.offset + 1]),
  ]);
  const id = freshId('expansion');
  const more = expansion.total - expansion.actions.length;
  const write =
    fix &&
    h(
      'button',
      {
        type: 'button',
        class: 'button small',
        data: { testid: 'write-out' },
        onclick: () => {
          // Positions are those of the text as it was.
          if (view.state.doc === doc) {
            view.dispatch({
              changes: fix.edits.map((/** @type {import('../../pkg/iam_playground.js').Edit} */ edit) => ({ from: edit.start.offset, to: edit.end.offset, insert: edit.text })),
              userEvent: 'input.expand',
            });
          }
          close();
          view.focus();
        },
      },
      ...prose(`${fix.label.charAt(0).toUpperCase()}${fix.label.slice(1)}`),
    );
  return h(
    'div',
    { class: 'hover-expansion', tabindex: '-1', 'aria-labelledby': id },
    h('p', { id }, `${pattern} covers ${expansion.byLevel.map(({ level, count }) => `${count} ${level}`).join(', ')}:`),
    h(
      'ul',
      { tabindex: '0', 'aria-labelledby': id, data: { testid: 'expansion' } },
      ...expansion.actions.map(({ name, level, description }) =>
        h('li', null, h('code', null, name), ' ', h('span', { class: 'hint' }, level), description && h('p', { class: 'hint' }, description)),
      ),
      more > 0 && h('li', null, `and ${more} more`),
    ),
    write,
  );
}
