// CodeMirror writes its own style sheet: into a <style> element, which a strict content security policy refuses,
// or, inside a shadow root, through `adoptedStyleSheets`, which needs no permission. An editor that is made in a
// scratch shadow root leaves the second kind of sheet behind; the document is given the same one to go on with.
// @ts-check

import { EditorView } from '@codemirror/view';

let done = false;

/** Call before the first editor is made. */
export function adoptEditorStyles() {
  if (done) return;
  done = true;
  const shadow = document.createElement('div').attachShadow({ mode: 'open' });
  new EditorView({ root: shadow, parent: shadow }).destroy();
  // The sheet's keeper is known to the root under a symbol of the style library's own.
  for (const symbol of Object.getOwnPropertySymbols(shadow)) {
    Object.defineProperty(document, symbol, { value: Reflect.get(shadow, symbol), configurable: true });
  }
}
