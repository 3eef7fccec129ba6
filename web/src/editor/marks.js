// What the report says about a text, drawn into it: the statements that match, the near misses with the element
// that failed, and the place that an entry of the trace points at. Beside them a gutter with an icon for each.
// @ts-check

import { RangeSet, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, GutterMarker, gutter } from '@codemirror/view';
import { icon } from '../icons.js';

/**
 * @typedef {import('@codemirror/state').EditorState} EditorState
 * @typedef {import('@codemirror/view').DecorationSet} DecorationSet
 * @typedef {import('../types.d.ts').StatementReport} StatementReport
 * @typedef {{ from: number, to: number }} Range
 * @typedef {'allow' | 'deny' | 'near'} Look
 */

const LOOKS = {
  allow: { class: 'iam-matched-allow', icon: /** @type {const} */ ('check'), label: 'matches: Allow' },
  deny: { class: 'iam-matched-deny', icon: /** @type {const} */ ('cross'), label: 'matches: Deny' },
  near: { class: 'iam-near-miss', icon: /** @type {const} */ ('near'), label: 'near miss' },
};

class StatementMarker extends GutterMarker {
  /** @param {Look} look @param {string | undefined} label  on the first line: what the icon says */
  constructor(look, label) {
    super();
    this.look = look;
    this.label = label;
    this.elementClass = LOOKS[look].class;
  }
  /** @override @param {GutterMarker} other */
  eq(other) {
    return other instanceof StatementMarker && other.look === this.look && other.label === this.label;
  }
  /** @override */
  toDOM() {
    const box = document.createElement('span');
    if (this.label) {
      box.title = this.label;
      box.append(icon(LOOKS[this.look].icon, this.label));
    }
    return box;
  }
}

/**
 * @typedef {object} Marks
 * @property {DecorationSet} text
 * @property {RangeSet<StatementMarker>} gutter
 */

/** @type {Marks} */
const NOTHING = { text: Decoration.none, gutter: RangeSet.empty };

/** @type {import('@codemirror/state').StateEffectType<Marks>} */
const setMarks = StateEffect.define();
/** @type {import('@codemirror/state').StateEffectType<Range[]>} */
export const setPointed = StateEffect.define();

/**
 * The effects that mark these statements; none where the marks have moved with the text to where they belong.
 * @param {EditorState} state
 * @param {StatementReport[]} statements
 */
export function markStatements(state, statements) {
  const now = state.field(marksField);
  const next = draw(state, statements);
  const same = RangeSet.eq([now.text], [next.text]) && RangeSet.eq([now.gutter], [next.gutter]);
  return same ? [] : [setMarks.of(next)];
}

/** @type {StateField<Marks>} */
const marksField = StateField.define({
  create: () => NOTHING,
  update(marks, transaction) {
    let next = marks;
    if (transaction.docChanged) {
      next = { text: marks.text.map(transaction.changes), gutter: marks.gutter.map(transaction.changes) };
    }
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) next = effect.value;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field, (marks) => marks.text),
});

/** @type {StateField<DecorationSet>} */
const pointedField = StateField.define({
  create: () => Decoration.none,
  update(pointed, transaction) {
    let next = transaction.docChanged ? pointed.map(transaction.changes) : pointed;
    for (const effect of transaction.effects) {
      if (effect.is(setPointed)) next = spread(transaction.state, effect.value, 'iam-pointed');
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const marks = [
  marksField,
  pointedField,
  gutter({
    class: 'iam-gutter',
    markers: (view) => view.state.field(marksField).gutter,
    initialSpacer: () => new StatementMarker('allow', undefined),
  }),
];

/** How a statement is to be shown, if at all. @param {StatementReport} statement @returns {Look | undefined} */
function look(statement) {
  if (statement.matches) return statement.effect === 'Deny' ? 'deny' : 'allow';
  return statement.nearMiss ? 'near' : undefined;
}

/** @param {EditorState} state @param {StatementReport[]} statements @returns {Marks} */
function draw(state, statements) {
  /** @type {import('@codemirror/state').Range<Decoration>[]} */
  const ranges = [];
  /** @type {Map<number, StatementMarker>} */
  const lines = new Map();
  for (const statement of statements) {
    const name = look(statement);
    if (!name) continue;
    const range = clamp(state, statement.start.offset, statement.end.offset);
    const { class: style, label } = LOOKS[name];
    cover(state, range, style, ranges);
    for (const detail of details(statement, name)) {
      for (const part of perLine(state, clamp(state, detail.from, detail.to))) {
        ranges.push(Decoration.mark({ class: detail.class }).range(part.from, part.to));
      }
    }
    const first = state.doc.lineAt(range.from).number;
    const last = state.doc.lineAt(range.to).number;
    const title = `${statement.sid ?? `statement #${statement.index}`} ${label}${
      statement.nearMiss && name === 'near' ? `, only ${statement.nearMiss} fails` : ''
    }`;
    for (let line = first; line <= last; line += 1) {
      if (!lines.has(line)) lines.set(line, new StatementMarker(name, line === first ? title : undefined));
    }
  }
  /** @type {RangeSetBuilder<StatementMarker>} */
  const builder = new RangeSetBuilder();
  for (const [number, marker] of [...lines].sort(([a], [b]) => a - b)) {
    const { from } = state.doc.line(number);
    builder.add(from, from, marker);
  }
  return { text: Decoration.set(ranges, true), gutter: builder.finish() };
}

/**
 * The parts that made a statement match, or the one that kept it from it.
 * @param {StatementReport} statement
 * @param {Look} name
 * @returns {(Range & { class: string })[]}
 */
function details(statement, name) {
  if (name === 'near') {
    const failed = statement.elements.filter((element) => !element.matches);
    return failed.flatMap((element) =>
      (element.conditions?.filter((condition) => !condition.matches) ?? [element]).map((part) => ({
        from: part.start.offset,
        to: part.end.offset,
        class: 'iam-near-miss-element',
      })),
    );
  }
  return statement.elements.flatMap((element) =>
    (element.values ?? [])
      .filter((value) => value.matches)
      .map((value) => ({ from: value.start.offset, to: value.end.offset, class: 'iam-hit' })),
  );
}

/**
 * A statement that has its lines to itself is marked line by line, so that the colour reaches both edges; one
 * that shares a line is marked from its first character to its last.
 * @param {EditorState} state
 * @param {Range} range
 * @param {string} style
 * @param {import('@codemirror/state').Range<Decoration>[]} into
 */
function cover(state, range, style, into) {
  if (range.from >= range.to) return;
  const first = state.doc.lineAt(range.from);
  const last = state.doc.lineAt(range.to);
  const before = state.sliceDoc(first.from, range.from);
  const after = state.sliceDoc(range.to, last.to);
  if (!/^\s*("Statement"\s*:\s*\[?\s*)?$/.test(before) || !/^[\s,\]}]*$/.test(after)) {
    into.push(Decoration.mark({ class: style }).range(range.from, range.to));
    return;
  }
  for (let number = first.number; number <= last.number; number += 1) {
    into.push(Decoration.line({ class: style }).range(state.doc.line(number).from));
  }
}

/** @param {EditorState} state @param {Range[]} ranges @param {string} style */
function spread(state, ranges, style) {
  const parts = ranges.flatMap((range) => perLine(state, clamp(state, range.from, range.to)));
  return Decoration.set(
    parts.map(({ from, to }) => Decoration.mark({ class: style }).range(from, to)),
    true,
  );
}

/**
 * A range line by line, without the indentation.
 * @param {EditorState} state
 * @param {Range} range
 * @returns {Range[]}
 */
function perLine(state, range) {
  const parts = [];
  for (let at = range.from; at < range.to; ) {
    const line = state.doc.lineAt(at);
    const to = Math.min(line.to, range.to);
    const from = at + (state.sliceDoc(at, to).length - state.sliceDoc(at, to).trimStart().length);
    if (from < to) parts.push({ from, to });
    at = line.to + 1;
  }
  return parts;
}

/** @param {EditorState} state @param {number} from @param {number} to @returns {Range} */
function clamp(state, from, to) {
  const end = state.doc.length;
  return { from: Math.min(Math.max(from, 0), end), to: Math.min(Math.max(to, 0), end) };
}
