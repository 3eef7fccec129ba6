// The parts of an accepted completion that the writer still has to fill. Enter goes from one to the next; Tab is left
// alone, as everywhere in the editor.
// @ts-check

import { completionStatus, startCompletion } from '@codemirror/autocomplete';
import { EditorSelection, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, keymap } from '@codemirror/view';

/**
 * @typedef {{ from: number, to: number }} Range
 * @typedef {readonly Range[]} Ranges  the first is the one being filled, the last where writing goes on afterwards
 */

/** @type {import('@codemirror/state').StateEffectType<Ranges>} */
const setFields = StateEffect.define();

/** @type {StateField<Ranges>} */
const fieldsOf = StateField.define({
  create: () => /** @type {Ranges} */ ([]),
  update(fields, transaction) {
    for (const effect of transaction.effects) if (effect.is(setFields)) return effect.value;
    if (fields.length === 0) return fields;
    let now = fields;
    if (transaction.docChanged) {
      now = fields.map(({ from, to }) => ({ from: transaction.changes.mapPos(from, -1), to: transaction.changes.mapPos(to, 1) }));
    }
    // Whoever goes elsewhere is done with them.
    const { head } = transaction.newSelection.main;
    const first = now[0];
    return first && first.from <= head && head <= first.to ? now : [];
  },
  provide: (field) =>
    EditorView.decorations.from(field, (fields) =>
      Decoration.set(
        fields.filter(({ from, to }) => from < to).map(({ from, to }) => Decoration.mark({ class: 'iam-field' }).range(from, to)),
        true,
      ),
    ),
});

/**
 * What to do with the fields that are left once something is put into the one being filled.
 * @param {import('@codemirror/state').EditorState} state
 */
export const remaining = (state) => state.field(fieldsOf).slice(1);

/** @param {Ranges} fields */
export const fieldsEffect = (fields) => setFields.of(fields.length > 1 ? fields : []);

/** Goes on to the next field. @param {EditorView} view @returns {boolean} whether there is one */
export function nextField(view) {
  const [next, ...rest] = remaining(view.state);
  if (!next) return false;
  view.dispatch({
    selection: EditorSelection.range(next.from, next.to),
    effects: setFields.of(rest.length > 0 ? [next, ...rest] : []),
    scrollIntoView: true,
  });
  if (rest.length > 0 && next.from === next.to) startCompletion(view);
  return true;
}

export const fields = [
  fieldsOf,
  Prec.highest(
    keymap.of([
      // A list that has just opened does not take Enter yet, and a text is no place for a line break.
      { key: 'Enter', run: (view) => view.state.field(fieldsOf).length > 0 && (completionStatus(view.state) === 'active' || nextField(view)) },
      {
        key: 'Escape',
        run: (view) => {
          if (view.state.field(fieldsOf).length === 0 || completionStatus(view.state)) return false;
          view.dispatch({ effects: setFields.of([]) });
          return true;
        },
      },
    ]),
  ),
];
