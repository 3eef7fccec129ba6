// A line too long for the editor goes on below, a little further in than it begins: so a wrapped ARN does not look like a
// line of its own. By classes, not by inline styles, which the page's content security policy forbids.
// @ts-check

import { RangeSetBuilder } from '@codemirror/state';
import { Decoration, ViewPlugin } from '@codemirror/view';

/** Columns, in steps of 2, up to which the style sheet knows a class. */
const DEEPEST = 20;

const hangs = Array.from({ length: DEEPEST / 2 + 1 }, (_, step) => Decoration.line({ class: `iam-hang iam-hang-${2 * step}` }));

/** @param {import('@codemirror/view').EditorView} view */
function hangingLines(view) {
  /** @type {RangeSetBuilder<Decoration>} */
  const builder = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      const column = /^ */.exec(line.text)?.[0].length ?? 0;
      const hang = hangs[Math.min(column, DEEPEST) >> 1];
      if (hang) builder.add(line.from, line.from, hang);
      at = line.to + 1;
    }
  }
  return builder.finish();
}

export const hangingIndent = ViewPlugin.define(
  (view) => ({
    lines: hangingLines(view),
    update(update) {
      if (update.docChanged || update.viewportChanged) this.lines = hangingLines(update.view);
    },
  }),
  { decorations: (plugin) => plugin.lines },
);
