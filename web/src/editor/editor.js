// One policy's text in a CodeMirror editor: JSON in colours, the report's findings and marks, undo and search.
// Tab is left alone, so that it moves the focus as everywhere else.
// @ts-check

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { jsonLanguage } from '@codemirror/lang-json';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { forEachDiagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Transaction } from '@codemirror/state';
import { EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tagHighlighter, tags } from '@lezer/highlight';
import { h, isLocked } from '../dom.js';
import { sentence } from '../markdown.js';
import { withoutPlaces } from '../memo.js';
import { hangingIndent } from './hang.js';
import { markStatements, marks, setPointed } from './marks.js';
import { adoptEditorStyles } from './styles.js';

/**
 * @typedef {import('../types.d.ts').ReportDiagnostic} ReportDiagnostic
 * @typedef {import('../types.d.ts').StatementReport} StatementReport
 * @typedef {import('@codemirror/lint').Diagnostic} LintDiagnostic
 *
 * @typedef {object} EditorOptions
 * @property {string} label  what a screen reader calls it
 * @property {string} text
 * @property {import('../dom.js').Root} root  where the editor is to stand
 * @property {(text: string) => void} onText
 * @property {(offset: number | undefined) => void} onCursor  undefined once the editor has lost the focus
 * @property {import('./assistance.js').AskHere} ask  asks the engine about this policy
 * @property {import('../store.js').Ask} askEngine
 * @property {(message: string) => void} onProblem  something could not be done; why
 */

const colours = tagHighlighter([
  { tag: tags.propertyName, class: 'tok-key' },
  { tag: tags.string, class: 'tok-string' },
  { tag: tags.number, class: 'tok-number' },
  { tag: [tags.bool, tags.null], class: 'tok-atom' },
  { tag: [tags.separator, tags.squareBracket, tags.brace], class: 'tok-punctuation' },
]);

/**
 * What is typed over a selection is put in its place here. Left to the browser, Chromium wraps it into an element with the
 * style of what was there before, which the content security policy forbids: that works, but the console complains.
 * @param {InputEvent} event
 * @param {EditorView} editor
 */
function typeOver(event, editor) {
  const { data, inputType, isComposing } = event;
  if (inputType !== 'insertText' || data === null || isComposing || !event.cancelable) return false;
  const { main, ranges } = editor.state.selection;
  if (editor.state.readOnly || editor.composing || ranges.length !== 1 || main.empty) return false;
  event.preventDefault();
  const insert = () => editor.state.update(editor.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
  const taken = editor.state.facet(EditorView.inputHandler).some((handler) => handler(editor, main.from, main.to, data, insert));
  if (!taken) editor.dispatch(insert());
  return true;
}

/** @param {EditorOptions} options */
export function createEditor(options) {
  if (options.root === document) adoptEditorStyles();
  /** The text that the findings on screen belong to. */
  let answered = '';
  /** The statements that are marked in it. @type {StatementReport[] | undefined} */
  let marked;
  /** The findings in it. @type {ReportDiagnostic[]} */
  let found = [];
  /** What they say, as text. */
  let said = '';
  let label = options.label;
  const readOnly = new Compartment();
  /** Why the text can only be read: for itself, or because of the playground it stands in. */
  const reasons = { own: false, locked: isLocked(options.root) };
  const assistance = new Compartment();
  /** @type {Promise<ReturnType<typeof import('./assistance.js').createAssistance>> | undefined} */
  let assistant;
  /** Whether something was typed since it is being loaded. */
  let typedAhead = false;

  /** What helps while writing is loaded when someone looks into the text for the first time. */
  function assist() {
    assistant ??= import('./assistance.js').then(({ createAssistance }) => {
      const made = createAssistance(options.ask, options.askEngine);
      view.dispatch({ effects: assistance.reconfigure(made.extension) });
      // Whoever typed meanwhile gets what the last letter would have brought.
      const { head } = view.state.selection.main;
      if (typedAhead && view.hasFocus && /[\w:]/.test(view.state.sliceDoc(Math.max(0, head - 1), head))) made.complete(view);
      return made;
    });
    assistant.catch((error) => {
      assistant = undefined;
      console.info(`completion and hovers are missing: ${error instanceof Error ? error.message : error}`);
    });
    return assistant;
  }

  const extensions = [
    readOnly.of(EditorState.readOnly.of(isLocked(options.root))),
    lintGutter(),
    lineNumbers(),
    marks,
    highlightSpecialChars(),
    history(),
    // A blinking cursor is an animation.
    drawSelection({ cursorBlinkRate: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 1200 }),
    indentOnInput(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    jsonLanguage,
    syntaxHighlighting(colours),
    bracketMatching(),
    search({ top: true }),
    EditorView.lineWrapping,
    hangingIndent,
    assistance.of([]),
    EditorView.domEventHandlers({
      beforeinput: typeOver,
      focus: () => void assist().catch(() => undefined),
      mousemove: () => void assist().catch(() => undefined),
    }),
    keymap.of([
      { key: 'Shift-Alt-f', run: () => (void format(), true) },
      { key: 'Mod-i', run: () => (void assist().then((made) => made.hover(view), () => undefined), true) },
      // Once it is loaded, completion has this key itself.
      { key: 'Ctrl-Space', run: () => (void assist().then((made) => made.complete(view), () => undefined), true) },
      ...searchKeymap,
      ...lintKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    EditorView.contentAttributes.of(() => ({ 'aria-label': label })),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onText(update.state.doc.toString());
      typedAhead ||= update.transactions.some((transaction) => transaction.isUserEvent('input.type'));
      if (update.selectionSet || update.focusChanged || update.docChanged) {
        options.onCursor(view.hasFocus ? update.state.selection.main.head : undefined);
      }
    }),
  ];
  const view = new EditorView({ state: EditorState.create({ doc: options.text, extensions }), root: options.root });

  /** @param {Partial<typeof reasons>} part */
  function protect(part) {
    Object.assign(reasons, part);
    const value = reasons.own || reasons.locked;
    if (view.state.readOnly !== value) view.dispatch({ effects: readOnly.reconfigure(EditorState.readOnly.of(value)) });
  }

  /** Lays the text out anew, as the engine says; the cursor stays where it is in it. */
  async function format() {
    if (view.state.readOnly) return;
    const { doc, selection } = view.state;
    /** @type {import('../../pkg/iam_playground.js').Formatted} */
    let made;
    try {
      made = await options.askEngine('format', [doc.toString(), selection.main.head], []);
    } catch {
      options.onProblem('The engine is not there, so the text was not laid out.');
      return;
    }
    // Whoever has typed on in between is not interrupted.
    if (view.state.doc !== doc) return;
    if (made.problem) {
      const { message, start } = made.problem;
      options.onProblem(`This is not JSON yet, so it cannot be laid out: ${message.replaceAll('`', '')} (line ${start.line}, column ${start.column}).`);
    } else if (made.text !== doc.toString()) {
      view.dispatch({
        changes: { from: 0, to: doc.length, insert: made.text },
        selection: { anchor: made.cursor },
        userEvent: 'format',
      });
    }
  }

  /**
   * Applies the mend of a finding, if the text is still the one that was found fault with.
   * @param {ReportDiagnostic} diagnostic
   */
  function applyFix(diagnostic) {
    if (!diagnostic.fix || view.state.readOnly || view.state.doc.toString() !== answered) return;
    view.dispatch({
      changes: diagnostic.fix.edits.map((edit) => ({
        from: edit.start.offset,
        to: edit.end.offset,
        insert: edit.text,
      })),
      userEvent: 'input.fix',
    });
    view.focus();
  }

  /** Where a finding is marked. @param {ReportDiagnostic} diagnostic */
  function range(diagnostic) {
    const end = view.state.doc.length;
    const from = Math.min(diagnostic.start?.offset ?? 0, end);
    return { from, to: Math.min(Math.max(diagnostic.end?.offset ?? from, from), end) };
  }

  /** Whether the marks have moved with the text to where these findings are. @param {ReportDiagnostic[]} diagnostics */
  function isMarked(diagnostics) {
    /** @type {string[]} */
    const marks = [];
    forEachDiagnostic(view.state, (_, from, to) => marks.push(`${from} ${to}`));
    const wanted = diagnostics.map(range).map(({ from, to }) => `${from} ${to}`);
    return marks.sort().join() === wanted.sort().join();
  }

  /** @param {ReportDiagnostic} diagnostic @param {number} at  its place among the findings @returns {LintDiagnostic} */
  function toLint(diagnostic, at) {
    // Where the mend goes is looked up when it is asked for: the mark moves with the text.
    const mend = () => {
      const now = found[at];
      if (now) applyFix(now);
    };
    return {
      ...range(diagnostic),
      severity: diagnostic.severity,
      message: [diagnostic.message, diagnostic.help].filter(Boolean).join('; '),
      renderMessage: () => finding(diagnostic),
      ...(diagnostic.fix && { actions: [{ name: diagnostic.fix.label.replaceAll('`', ''), apply: mend }] }),
    };
  }

  return {
    view,
    format,
    applyFix,
    /** @param {string} text */
    setText(text) {
      const old = view.state.doc.toString();
      if (old === text) return;
      // What nobody typed, nobody takes back.
      const annotations = view.state.readOnly ? [Transaction.addToHistory.of(false)] : [];
      view.dispatch({ changes: { from: 0, to: old.length, insert: text }, annotations });
    },
    /** Whether the text is only there to be read. @param {boolean} value */
    setReadOnly(value) {
      protect({ own: value });
    },
    /** Whether everything around it is only there to be read. @param {boolean} value */
    setLocked(value) {
      protect({ locked: value });
    },
    /**
     * Draws what the report says about `text`; if that is no longer the text, the next report is on its way.
     * @param {string} text
     * @param {StatementReport[] | undefined} statements  undefined keeps the marks of the last readable text
     * @param {ReportDiagnostic[]} diagnostics
     */
    show(text, statements, diagnostics) {
      if (view.state.doc.toString() !== text) return;
      const now = withoutPlaces(diagnostics);
      const known = now === said && isMarked(diagnostics);
      // A report holds the same statements as the one before where a policy has not changed.
      const drawn = text === answered && statements === marked;
      answered = text;
      marked = statements;
      found = diagnostics;
      said = now;
      if (known && drawn) return;
      const effects = statements && !drawn ? markStatements(view.state, statements) : [];
      const transactions = [...(effects.length > 0 ? [{ effects }] : []), ...(known ? [] : [setDiagnostics(view.state, diagnostics.map(toLint))])];
      if (transactions.length > 0) view.dispatch(...transactions);
    },
    /** @param {{ from: number, to: number }[]} ranges @param {boolean} go  whether to scroll to the first */
    point(ranges, go) {
      const start = Math.min(ranges[0]?.from ?? 0, view.state.doc.length);
      view.dispatch({
        effects: [setPointed.of(ranges), ...(go ? [EditorView.scrollIntoView(start, { y: 'center', yMargin: 48 })] : [])],
      });
    },
    unpoint() {
      view.dispatch({ effects: setPointed.of([]) });
    },
    /** @param {number} offset */
    putCursor(offset) {
      view.dispatch({
        selection: { anchor: Math.min(offset, view.state.doc.length) },
        effects: EditorView.scrollIntoView(Math.min(offset, view.state.doc.length), { y: 'center' }),
      });
      view.focus();
    },
    /** @param {string} next */
    setLabel(next) {
      if (next === label) return;
      label = next;
      view.dispatch({});
    },
  };
}

/** @typedef {ReturnType<typeof createEditor>} Editor */

/** What the tooltip of a finding says. @param {ReportDiagnostic} diagnostic */
function finding(diagnostic) {
  return h(
    'div',
    { class: 'finding' },
    sentence(h('p', { class: 'finding-message' }), diagnostic.message),
    diagnostic.help && sentence(h('p', { class: 'finding-help' }), diagnostic.help),
    diagnostic.awsMessage && h('p', { class: 'finding-aws' }, 'AWS says: ', h('q', null, diagnostic.awsMessage)),
    // In the list of all findings an entry takes no link: that is in the page's own list.
    h('code', { class: 'finding-page' }, diagnostic.code),
  );
}
