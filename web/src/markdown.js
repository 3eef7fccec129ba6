// A small, safe part of Markdown for descriptions: paragraphs, lists, `code`, **bold**, *emphasis* and https links.
// Anything else stays the text it is.
// @ts-check

import { h } from './dom.js';

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https:\/\/[^\s)]+)\)/g;

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
    else parts.push(h('a', { href: address, rel: 'noopener noreferrer', target: '_blank' }, label));
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
