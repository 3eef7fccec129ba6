// A small, safe part of Markdown for descriptions: paragraphs, lists, `code`, **bold**, *emphasis*, https links, and
// links to the glossary and to a term in it (`[words](glossary:)`, `[words](glossary:term)`).
// Anything else stays the text it is.
// @ts-check

import { h } from './dom.js';

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https:\/\/[^\s)]+|glossary:[a-z-]*)\)/g;

// The glossary is a page beside this one, and the modules are one folder below. (The build follows `new URL` where it
// names the module itself, and there is no such file before the build.) A package of the element alone has no such page.
const GLOSSARY = typeof PLAYGROUND_PAGE !== 'undefined' && PLAYGROUND_PAGE === '' ? undefined : '../glossary.html';
const MODULE = import.meta.url;

/** Where a link leads, if it leads anywhere. @param {string | undefined} address */
function resolved(address = '') {
  const [, term] = /^glossary:(.*)$/.exec(address) ?? [];
  if (term === undefined) return address;
  return GLOSSARY && new URL(`${GLOSSARY}${term && `#${term}`}`, MODULE).href;
}

/** @param {string} text @returns {HTMLElement[]} */
export function markdown(text) {
  return text
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => {
      const lines = block.split('\n');
      if (lines.every((line) => /^\s*[-*] /.test(line))) {
        return h('ul', null, ...lines.map((line) => h('li', null, inline(line.replace(/^\s*[-*] /, '')))));
      }
      return h('p', null, inline(lines.join(' ')));
    });
}

/** Text in which `code` is set as code, and the like. @param {string} text @returns {(Node | string)[]} */
export function inline(text) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [all, code, bold, emphasis, label, address] = match;
    parts.push(text.slice(end, match.index));
    end = match.index + all.length;
    if (code !== undefined) parts.push(h('code', null, code));
    else if (bold !== undefined) parts.push(h('strong', null, bold));
    else if (emphasis !== undefined) parts.push(h('em', null, emphasis));
    else {
      const href = resolved(address);
      parts.push(href === undefined ? (label ?? '') : h('a', { href, rel: 'noopener noreferrer', target: '_blank' }, label));
    }
  }
  parts.push(text.slice(end));
  return parts;
}

/**
 * A sentence of the report: only what stands in backticks is set apart, as code.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function prose(text) {
  return text.split(/`([^`]+)`/).map((part, at) => (at % 2 === 1 ? h('code', null, part) : part));
}

/**
 * Fills an element with a sentence of the report. Reports write in lower case; one that begins with a word, not
 * with something quoted, is shown with a capital letter.
 * @template {HTMLElement} E
 * @param {E} element
 * @param {string} text
 * @returns {E}
 */
export function sentence(element, text) {
  element.replaceChildren(...prose(text));
  element.classList.toggle('sentence', /^[a-z]/.test(text));
  return element;
}
