// What could be written at the cursor: the engine says what, in which order, and what is put in.
// @ts-check

import { autocompletion, completionKeymap, pickedCompletion, startCompletion } from '@codemirror/autocomplete';
import { EditorSelection, Transaction } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import { h } from '../dom.js';
import { prose } from '../markdown.js';
import { fieldsEffect, nextField, remaining } from './fields.js';

/**
 * @typedef {import('../../pkg/iam_playground.js').Completions} Completions
 * @typedef {import('../../pkg/iam_playground.js').Completion} Option
 * @typedef {import('@codemirror/autocomplete').CompletionContext} CompletionContext
 * @typedef {import('@codemirror/autocomplete').CompletionResult} CompletionResult
 * @typedef {import('@codemirror/view').EditorView} EditorView
 * @typedef {import('./assistance.js').AskHere} AskHere
 */

/** @param {AskHere} ask */
export function completion(ask) {
  /** @param {CompletionContext} context @returns {Promise<CompletionResult | null>} */
  async function source(context) {
    if (context.state.readOnly) return null;
    /** @type {Completions} */
    let found;
    try {
      found = await ask('complete', [context.pos]);
      // Asked once: what cannot be loaded now is asked for with the next list.
      if (found.wants) found = await ask('complete', [context.pos], ['services', found.wants]);
    } catch (error) {
      console.info(`nothing can be proposed: ${error instanceof Error ? error.message : error}`);
      return null;
    }
    const { from, to, comma, options } = found;
    // Nothing was begun: whoever wants to see what could stand here asks for it.
    if (context.aborted || options.length === 0 || (!context.explicit && from === context.pos)) return null;
    return {
      from,
      to,
      filter: false,
      options: options.map((option) => ({
        label: option.label,
        type: option.kind,
        ...(option.detail !== undefined && { detail: option.detail }),
        ...(option.info && { info: () => h('div', null, prose(option.info ?? '')) }),
        apply: (view, chosen, start, end) => accept(view, chosen, option, comma, start, end),
      })),
    };
  }

  return [
    autocompletion({ override: [source], icons: false, defaultKeymap: true, maxRenderedOptions: 100, optionClass: (option) => `iam-kind-${option.type}` }),
    keymap.of(completionKeymap),
  ];
}

/**
 * Puts an option in, with the comma that is missing before it, and goes to the first part that is to be filled, or, if
 * it filled such a part, to the next.
 * @param {EditorView} view
 * @param {import('@codemirror/autocomplete').Completion} chosen
 * @param {Option} option
 * @param {number | undefined} comma
 * @param {number} from
 * @param {number} to
 */
function accept(view, chosen, option, comma, from, to) {
  const line = view.state.doc.lineAt(from);
  const indent = /^\s*/.exec(line.text)?.[0] ?? '';
  const insert = option.insert.replaceAll('\n', `\n${indent}`);
  const start = from + (comma === undefined ? 0 : 1);
  // Each line before a place has the indentation more.
  const place = (/** @type {number} */ at) => start + at + indent.length * (option.insert.slice(0, at).split('\n').length - 1);
  const own = option.fields.map((field) => ({ from: place(field.start), to: place(field.end) }));
  const changes = [...(comma === undefined ? [] : [{ from: comma, insert: ',' }]), { from, to, insert }];
  const end = start + insert.length;
  const mapped = view.state.changes(changes);
  const later = remaining(view.state).map((range) => ({ from: mapped.mapPos(range.from, 1), to: mapped.mapPos(range.to, 1) }));
  const first = own[0];
  // Inside of another completion writing goes on there.
  const fields = first ? [...own, ...(later.length > 0 ? later : [{ from: end, to: end }])] : [{ from, to: end }, ...later];
  view.dispatch({
    changes,
    selection: first ? EditorSelection.range(first.from, first.to) : EditorSelection.cursor(end),
    effects: fieldsEffect(fields),
    scrollIntoView: true,
    annotations: [pickedCompletion.of(chosen), Transaction.userEvent.of('input.complete')],
  });
  if (!first) nextField(view);
  else if (first.from === first.to) startCompletion(view);
}
