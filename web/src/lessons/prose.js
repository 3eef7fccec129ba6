// The Markdown of lessons: what descriptions have, and besides headings, numbered lists, code blocks, and links to lessons.
// @ts-check

import { h } from '../dom.js';
import { inline, markdown } from '../markdown.js';

/** @typedef {(id: string, label: string) => Node} LinkTo  makes a link to a lesson */

/**
 * @param {string} text
 * @param {LinkTo} linkTo
 * @returns {HTMLElement[]}
 */
export function lessonProse(text, linkTo) {
  return text.split(/^(```[^\n]*\n[\s\S]*?^```[ \t]*$)/m).flatMap((part) => {
    const code = /^```[^\n]*\n([\s\S]*?)\n?```[ \t]*$/.exec(part);
    if (code) return [h('pre', { tabindex: '0' }, h('code', null, code[1] ?? ''))];
    return part
      .split(/\n\s*\n/)
      .map((block) => block.trim())
      .filter((block) => block !== '')
      .flatMap((block) => drawBlock(block, linkTo));
  });
}

/** @param {string} text @param {LinkTo} linkTo @returns {HTMLElement[]} */
function drawBlock(text, linkTo) {
  const heading = /^#{2,4} (.*)$/.exec(text);
  if (heading) return [h('h3', null, words(heading[1] ?? '', linkTo))];
  for (const [tag, mark] of /** @type {const} */ ([
    ['ol', /^\d+\. /],
    ['ul', /^[-*] /],
  ])) {
    if (!mark.test(text)) continue;
    /** @type {string[]} */
    const items = [];
    for (const line of text.split('\n')) {
      if (mark.test(line)) items.push(line.replace(mark, ''));
      else items.push(`${items.pop() ?? ''} ${line.trim()}`);
    }
    return [h(tag, null, ...items.map((item) => h('li', null, words(item, linkTo))))];
  }
  if (!/\]\(lesson:/.test(text)) return markdown(text);
  return [h('p', null, words(text.replaceAll('\n', ' '), linkTo))];
}

/**
 * A line in which `code`, links and the like are set.
 * @param {string} text
 * @param {LinkTo} linkTo
 */
export function words(text, linkTo) {
  return text.split(/(\[[^\]]+\]\(lesson:[a-z0-9-]+\))/).flatMap((part) => {
    const link = /^\[([^\]]+)\]\(lesson:([a-z0-9-]+)\)$/.exec(part);
    return link ? [linkTo(link[2] ?? '', link[1] ?? '')] : inline(part);
  });
}
