// The looks of lessons. They come with the lessons' code, and stand wherever a lesson is shown: in the page or in an
// embed's shadow root.
// @ts-check

const TEXT = `
.lesson-place {
  border-bottom: 1px solid var(--line);
  background: var(--surface);
}

.lesson {
  max-width: 47rem;
  padding: var(--gap-4);
  overflow-wrap: anywhere;
}

.lesson-header {
  display: grid;
  grid-template-columns: 1fr auto;
  align-items: center;
  gap: 0 var(--gap-2);
}

.lesson-header h2 {
  grid-column: 1 / -1;
  font-size: 1.25rem;
}

.lesson-header h2:focus {
  outline: none;
}

.lesson-place p,
.lesson-place .hint {
  max-width: 72ch;
}

.lesson-where {
  color: var(--ink-soft);
  font-size: var(--text-small);
}

.lesson-tools {
  display: flex;
  gap: var(--gap-1);
}

.lesson-goal {
  margin-block: var(--gap-3);
  padding: var(--gap-2) var(--gap-3);
  border-left: 4px solid var(--accent);
  border-radius: var(--radius-small);
  background: var(--accent-soft);
}

.lesson-text,
.lesson-hint-list {
  font-size: var(--text);
}

.lesson-text h3 {
  margin-top: var(--gap-4);
  font-size: var(--text);
}

.lesson-text > * + *,
.lesson-hint-list > * + *,
.lesson-hint-list li > * + * {
  margin-top: var(--gap-2);
}

.lesson-text ol,
.lesson-hint-list {
  padding-left: 1.6em;
}

.lesson-text ol li,
.lesson-hint-list li {
  margin-left: 0;
  list-style: decimal;
}

.lesson pre {
  margin: var(--gap-2) 0 0;
  padding: var(--gap-2) var(--gap-3);
  overflow-x: auto;
  border: 1px solid var(--line);
  border-radius: var(--radius-small);
  background: var(--surface-sunk);
  font: var(--code) / 1.5 var(--mono);
  white-space: pre-wrap;
}

.lesson pre code {
  padding: 0;
  background: none;
  font: inherit;
  overflow-wrap: anywhere;
}

.lesson-standing {
  position: sticky;
  top: 0;
  z-index: 2;
  margin-top: var(--gap-4);
  padding-block: var(--gap-2);
  background: var(--surface);
}

.lesson-standing-line {
  display: flex;
  align-items: stretch;
  gap: var(--gap-2);
}

.lesson-hint-list li:focus {
  outline: none;
}

.lesson-status {
  display: flex;
  flex: 1;
  align-items: baseline;
  gap: 0.5em;
  padding: var(--gap-2) var(--gap-3);
  border: 1px solid var(--line-strong);
  border-radius: var(--radius-small);
  font-weight: 600;
}

.lesson-status > span {
  display: inline-block;
}

.lesson-status .icon {
  align-self: center;
}

.lesson-status[data-state='done'] {
  border-color: var(--allow);
  background: var(--allow-soft);
  color: var(--allow);
}

.lesson-status[data-state='trouble'] {
  border-color: var(--warn);
  background: var(--warn-soft);
}

.lesson-trouble {
  margin-top: var(--gap-1);
  color: var(--ink-soft);
  font-size: var(--text-small);
}

.lesson-part {
  margin-top: var(--gap-2);
}

.lesson-part:focus {
  outline: none;
}

.lesson-part.is-stale .lesson-rows {
  opacity: 0.75;
}

.lesson-part > h3 {
  color: var(--ink-soft);
}

.lesson-row {
  display: flex;
  align-items: flex-start;
  gap: var(--gap-2);
  padding-block: var(--gap-2);
  border-bottom: 1px solid var(--line);
}

.lesson-row[data-current='true'] {
  background: var(--accent-soft);
}

.lesson-row-mark {
  display: grid;
  flex: none;
  place-items: center;
  width: 1.5rem;
  height: 1.5rem;
  border-radius: 50%;
  background: var(--surface-sunk);
}

.lesson-row[data-pass='true'] .lesson-row-mark {
  background: var(--allow-soft);
  color: var(--allow);
}

.lesson-row[data-pass='false'] .lesson-row-mark {
  background: var(--deny-soft);
  color: var(--deny);
}

.lesson-row-body {
  flex: 1;
  min-width: 0;
}

.lesson-row-name {
  font-weight: 550;
}

.lesson-row-answers,
.lesson-row-request,
.lesson-row-why,
.lesson-row-message {
  font-size: var(--text-small);
}

.lesson-row-answers,
.lesson-row-request,
.lesson-row-why {
  color: var(--ink-soft);
}

.lesson-row-answers:focus {
  outline: none;
}

.lesson-row-message {
  color: var(--deny);
}

.lesson-row .icon-button {
  flex: none;
}

.lesson-hidden > summary {
  padding-block: var(--gap-2);
  color: var(--ink-soft);
  font-size: var(--text-small);
  cursor: pointer;
}

.lesson-guesses {
  display: flex;
  flex-wrap: wrap;
  gap: var(--gap-2);
  margin-block: var(--gap-2);
}

.lesson-predict,
.lesson-veil {
  margin-top: var(--gap-4);
  padding: var(--gap-3);
  border: 1px solid var(--accent);
  border-radius: var(--radius);
  background: var(--accent-soft);
}

.lesson-question {
  font-weight: 600;
}

.lesson-question:focus,
.lesson-predicted p:focus {
  outline: none;
}

.lesson-predicted .icon {
  vertical-align: -0.15em;
}

.lesson-veil .button {
  margin-top: var(--gap-2);
}

.lesson-found,
.lesson-after {
  margin-top: var(--gap-3);
  padding: var(--gap-3);
  border-radius: var(--radius-small);
  background: var(--allow-soft);
}

/* What can be changed, below the answers or what made it possible. */
.lesson-found + .hint {
  margin-top: var(--gap-3);
}

.lesson-after ul {
  max-height: 20rem;
  margin-top: var(--gap-2);
  overflow-y: auto;
  font-size: var(--text-small);
}

.lesson-after summary {
  cursor: pointer;
}

.lesson-sides {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr));
  gap: var(--gap-3);
  margin-top: var(--gap-3);
}

.lesson-sides:empty {
  display: none;
}

.lesson-side {
  padding: var(--gap-3);
  border: 1px solid var(--line-strong);
  border-radius: var(--radius-small);
}

.lesson-side .button {
  white-space: normal;
  height: auto;
  text-align: left;
}

.lesson-side .button[aria-pressed='true'] {
  border-color: var(--accent);
  background: var(--accent-soft);
  color: var(--accent);
}

.lesson-side-answer {
  margin-top: var(--gap-2);
  font-weight: 600;
}

.lesson-side-answer .icon {
  vertical-align: -0.15em;
}

.lesson-hints {
  margin-top: var(--gap-3);
  padding: var(--gap-3);
  border-radius: var(--radius-small);
  background: var(--surface-sunk);
}

.lesson-actions {
  flex-wrap: wrap;
  margin-top: var(--gap-4);
}

.lesson-actions .button {
  white-space: normal;
  height: auto;
  min-height: var(--control);
  text-align: left;
}

.lesson-footer {
  margin-top: var(--gap-4);
  padding-top: var(--gap-3);
  border-top: 1px solid var(--line);
  color: var(--ink-soft);
  font-size: var(--text-small);
}

.lesson-end {
  margin-top: var(--gap-3);
  padding: var(--gap-3);
  border-left: 4px solid var(--allow);
  border-radius: var(--radius-small);
  background: var(--allow-soft);
}

.lesson-footer ul {
  margin-bottom: var(--gap-2);
}

.lesson-topic-done {
  color: var(--ink-soft);
  font-size: var(--text-small);
  font-weight: 400;
}

.lesson-item a[aria-current] {
  font-weight: 600;
}

.lesson-contents-summary {
  margin-block: var(--gap-2);
  font-weight: 600;
}

.lesson-topics h3 {
  margin-top: var(--gap-4);
  font-size: var(--text);
}

.lesson-list {
  margin-top: var(--gap-2);
}

.lesson-item {
  display: grid;
  grid-template-columns: 1.5rem 1fr auto 4rem;
  align-items: baseline;
  gap: var(--gap-2);
  padding-block: 0.25rem;
  border-bottom: 1px solid var(--line);
}

.lesson-item-mark {
  align-self: center;
}

.lesson-item[data-done='true'] .lesson-item-mark {
  color: var(--allow);
}

.lesson-item-mark .icon {
  display: block;
}

.lesson-item-kind,
.lesson-item-time {
  color: var(--ink-soft);
  font-size: var(--text-small);
}

.lesson-item-time {
  text-align: right;
}

.lesson-contents > footer {
  flex-wrap: wrap;
  margin-top: var(--gap-4);
}

@media (max-width: 34rem) {
  .lesson {
    padding: var(--gap-3);
  }

  .lesson-item {
    grid-template-columns: 1.5rem 1fr auto;
  }

  .lesson-item-kind {
    display: none;
  }
}

/* Where the lesson stands above the regions, what it has come to stays in sight at the bottom. */
.lesson-bar {
  position: sticky;
  bottom: 2.9rem;
  z-index: 5;
  display: flex;
  width: 100%;
  align-items: center;
  gap: 0.6em;
  padding: 0.5rem var(--gap-4);
  border: 0;
  border-top: 1px solid var(--line);
  background: var(--accent-soft);
  color: var(--ink);
  font: inherit;
  font-size: var(--text-small);
  text-align: left;
  cursor: pointer;
}

.lesson-bar-place {
  display: contents;
}

.lesson-bar[data-state='done'] {
  background: var(--allow-soft);
  color: var(--allow);
}

body:has(.verdict-bar:is(.is-needless, :empty)) .lesson-bar,
.regions.is-veiled ~ .lesson-bar-place > .lesson-bar {
  bottom: 0;
}

/* Beside a lesson, what is not its subject steps back. */
.has-lesson :is(.about, .welcome),
.regions.is-lesson :is(.region-tools, .empty-actions, .empty-title + p) {
  display: none;
}

.regions.is-lesson .policy.is-locked {
  border-style: dashed;
}

.regions.is-lesson .policy.is-locked .policy-status {
  align-items: center;
}

.regions.is-lesson .policy.is-locked .policy-status::after {
  content: 'read-only';
  padding-inline: 0.2rem 0.4rem;
  color: var(--ink-soft);
  font-size: var(--text-tiny);
  white-space: nowrap;
}

/* The texts speak of policies by their names, so these are there to the last letter: what does not fit beside them stands
   below. */
.regions.is-lesson .policy-header {
  flex-wrap: wrap;
}

.regions.is-lesson .policy-titles {
  flex: 1 1 auto;
  max-width: calc(100% - 2.4rem);
}

.regions.is-lesson .policy-extra-label:has(:placeholder-shown) {
  display: none;
}

.regions.is-lesson .region-request .code-input:read-only,
.regions.is-lesson [inert] {
  opacity: 0.8;
}

/* Until the learner has guessed, nothing gives the answer away. */
.regions.is-veiled .region-outcome .region-body > :not(.lesson-veil),
.regions.is-veiled .verdict-chip,
.regions.is-veiled .stale-tag,
.regions.is-veiled .policy-status > *,
.regions.is-veiled ~ .verdict-bar {
  display: none;
}

.regions.is-veiled .cm-editor :is(.iam-matched-allow, .iam-matched-deny, .iam-near-miss, .iam-near-miss-element, .iam-hit) {
  border-color: transparent;
  background: none;
  box-shadow: none;
  text-decoration: none;
}

.regions.is-veiled .iam-gutter {
  visibility: hidden;
}

@media (min-width: 70rem) {
  .lesson-standing {
    bottom: 0;
  }

  .lesson-bar {
    display: none;
  }

  body.has-lesson {
    grid-template-columns: minmax(20rem, 27rem) minmax(0, 1fr);
  }

  body.has-lesson > :is(.page-header, .notices, .page-footer) {
    grid-column: 1 / -1;
  }

  body.has-lesson > .lesson-place {
    grid-area: 4 / 1;
    overflow-y: auto;
    border-right: 1px solid var(--line);
    border-bottom: 0;
    scrollbar-width: thin;
    scrollbar-color: var(--line-strong) transparent;
  }

  body.has-lesson > .regions {
    grid-area: 4 / 2;
    grid-template: minmax(0, 1.15fr) minmax(0, 1fr) / minmax(0, 1.15fr) minmax(0, 1fr);
  }

  body.has-lesson .splitter {
    display: none;
  }

  body.has-lesson .region-policies {
    grid-row: 1 / span 2;
    border-right: 1px solid var(--line);
  }

  body.has-lesson .region-outcome {
    grid-area: 1 / 2;
  }

  body.has-lesson .region-request {
    grid-area: 2 / 2;
    border-top: 1px solid var(--line);
  }
}

/* In an embed: above the regions, or beside them where there is room. What is left for the regions is a container too:
   the frame as a whole has a second name. */
.iam.iam {
  container-name: iam iam-frame;
}

.iam .lesson-split {
  display: flex;
  flex: 1;
  flex-direction: column;
  min-height: 0;
}

.iam .lesson-rest {
  container: iam / inline-size;
  display: flex;
  flex: 1;
  flex-direction: column;
  min-width: 0;
  min-height: 0;
}

.iam .lesson-split > #lesson-place {
  padding: 0;
  background: var(--surface);
}

.iam .lesson-standing {
  bottom: 0;
}

.lesson-split:has(.is-veiled) ~ .verdict-bar {
  display: none;
}

@container iam (min-width: 760px) {
  .iam .lesson-split {
    flex-direction: row;
  }

  .iam .lesson-split > #lesson-place {
    flex: 0 0 min(320px, 36%);
    max-height: none;
    border-right: 1px solid var(--line);
    border-bottom: 0;
  }
}

@container iam-frame (max-width: 759.98px) {
  .iam:not(.is-growing) .lesson-split {
    display: block;
    overflow-y: auto;
    scrollbar-width: thin;
    scrollbar-color: var(--line-strong) transparent;
  }

  .iam .lesson-split > #lesson-place {
    max-height: none;
    overflow: visible;
  }

  .iam .lesson-rest > .regions,
  .iam .lesson-rest > .regions > .region {
    display: block !important;
    container-type: normal !important;
    position: static !important;
    height: auto !important;
    overflow: visible !important;
  }

  .iam .lesson-rest > .regions > .region.iam-out {
    display: none !important;
  }

  .iam .lesson-split > .lesson-bar {
    bottom: 0;
  }
}

.iam.is-growing .lesson-split > #lesson-place {
  max-height: none;
}

@media (forced-colors: active) {
  .lesson-row[data-current='true'],
  .lesson-side .button[aria-pressed='true'] {
    outline: 2px solid Highlight;
  }
}

@media print {
  .lesson-bar,
  .lesson-tools,
  .lesson-actions,
  .lesson-row .icon-button {
    display: none;
  }
}
`;

/** @type {CSSStyleSheet | undefined} */
let ofPage;
/** @type {CSSStyleSheet | undefined} */
let ofEmbed;

/** @param {string} text */
function makeSheet(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

/** @param {import('../dom.js').Root} root */
export function adoptLessonStyles(root) {
  let sheet;
  if (root instanceof ShadowRoot) {
    // A rem belongs to the page around: an embed counts in a unit of its own.
    sheet = ofEmbed ??= makeSheet(TEXT.replace(/(?<=[:\s(])((?:\d*\.)?\d+)rem\b(?=[^{}]*[;}])/g, 'calc($1 * var(--rem))'));
  } else {
    sheet = ofPage ??= makeSheet(TEXT);
  }
  const all = /** @type {Document | ShadowRoot} */ (root).adoptedStyleSheets;
  if (!all.includes(sheet)) /** @type {Document | ShadowRoot} */ (root).adoptedStyleSheets = [...all, sheet];
}
