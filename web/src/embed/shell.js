// What an embed looks like before its regions come: its children as they are, in the room that it will keep.
// The sheets are adopted, never written into the page, so a content security policy has nothing to forbid.
// @ts-check

/** So high is an embed, unless `max-height` or `--iam-height` says otherwise. `iam-playground.css` says the same. */
const HEIGHT = '520px';

const shell = `
:host {
  display: block;
  position: relative;
  box-sizing: border-box;
  height: var(--iam-height, ${HEIGHT});
  min-width: min(100%, 320px);
  margin-block: 1em;
  overflow: hidden;
  text-align: start;
  writing-mode: horizontal-tb;
}
:host([hidden]) { display: none; }
.shell {
  box-sizing: border-box;
  display: flex;
  flex-direction: column;
  height: 100%;
  border: 1px solid color-mix(in srgb, currentcolor 25%, transparent);
  border-radius: 8px;
}
.shell-body { flex: 1; min-height: 0; overflow: auto; padding: 12px 16px; }
.shell-body ::slotted(*) { margin-top: 0; }
.shell-body ::slotted(pre) { direction: ltr; text-align: left; }
/* Our own words are English, and look alike on every page. */
:where(.shell-bar, .static) {
  all: initial;
  visibility: inherit;
  color: inherit;
  direction: ltr;
}
.shell-bar {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 4px 12px;
  padding: 8px 16px;
  border-top: 1px solid color-mix(in srgb, currentcolor 25%, transparent);
  font: 14px/1.4 system-ui, sans-serif;
}
.shell-bar:empty { display: none; }
.shell-bar button { font: inherit; padding: 4px 12px; cursor: pointer; }
.static { display: block; font: 14px/1.5 system-ui, sans-serif; }
.static > * { margin: 0 0 8px; }
.static-title { font-weight: 650; }
.static pre { overflow: auto; font: 13px/1.45 ui-monospace, monospace; }
.static dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; }
.static dt { font-weight: 600; }
.static dd { margin: 0; overflow-wrap: anywhere; font: 13px/1.45 ui-monospace, monospace; }
@media print {
  :host { height: auto !important; overflow: visible; }
  .shell-body { overflow: visible; }
  .shell-bar { display: none; }
}
`;

/** Looks like a length; the browser knows better. */
const LENGTH = /^(?:[\d.]|(?:calc|min|max|clamp|var)\()[^%]*$/i;

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** The rules that all embeds share. */
export function shellSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(shell);
  }
  return sheet;
}

/** A sheet of one element's own, for the height that it asks for. */
export function heightSheet() {
  const own = new CSSStyleSheet();
  const index = own.insertRule(':host {}');
  const rule = /** @type {CSSStyleRule} */ (own.cssRules[index]);
  return {
    sheet: own,
    /** On a page whose rules for everything (`* { all: unset }`) take even from an element what it says of itself. */
    insist() {
      const lines = { display: 'block', position: 'relative', overflow: 'hidden', 'box-sizing': 'border-box', height: rule.style.height || `var(--iam-height, ${HEIGHT})` };
      for (const [name, value] of Object.entries(lines)) rule.style.setProperty(name, value, 'important');
    },
    /** @param {string | null} height  a length; `none` for as high as the content; null for the usual one */
    set(height) {
      rule.style.removeProperty('height');
      const asked = height?.trim() ?? '';
      // A part of a height that nobody set would be no height at all.
      if (asked !== 'none' && !LENGTH.test(asked)) return;
      rule.style.setProperty('height', asked === 'none' ? 'auto' : /^\d+$/.test(asked) ? `${asked}px` : asked);
    },
  };
}
