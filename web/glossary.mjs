// docs/glossary.md as a page of the site: the part of Markdown that it uses, made into HTML while building. Its text is
// our own; it is escaped all the same, so that a `<` in it stays a `<`.
// @ts-check

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** @type {Record<string, string>} */
const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const INLINE = /`([^`]+)`|\*([^*]+)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** @param {string} text */
const escape = (text) => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

/** A heading's anchor, as GitHub makes it. @param {string} heading */
export const anchor = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

/** A lesson's address on the page. @param {string} file its lesson.md */
function lesson(file) {
  const id = /^id: *(\S+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
  if (!id) throw new Error(`${file} has no id`);
  return `./#lesson=${id}`;
}

/**
 * The glossary as HTML, without its title.
 * @param {string} file the Markdown file
 */
export function glossary(file) {
  /** @param {string} target */
  const address = (target) => (target.endsWith('/lesson.md') ? lesson(resolve(dirname(file), target)) : target);
  /** @param {string} text */
  const inline = (text) =>
    escape(text).replace(INLINE, (_, code, emphasis, words, target) => {
      if (code !== undefined) return `<code>${code}</code>`;
      return emphasis !== undefined ? `<em>${emphasis}</em>` : `<a href="${address(target)}">${words}</a>`;
    });
  let isOpen = false;
  let html = '';
  for (const block of readFileSync(file, 'utf8').split(/\n\n+/)) {
    const heading = /^## (.+)$/.exec(block)?.[1];
    const mark = /^<a id="([A-Za-z-]+)"><\/a>$/.exec(block.trim())?.[1];
    if (block.startsWith('# ')) continue;
    if (heading) {
      html += `${isOpen ? '</section>\n' : ''}<section id="${anchor(heading)}">\n<h2>${escape(heading)}</h2>\n`;
      isOpen = true;
    } else if (mark) {
      html += `<a id="${mark}"></a>\n`;
    } else {
      const kind = !isOpen && block.startsWith('[') ? ' class="terms"' : block.startsWith('Lesson') ? ' class="try"' : '';
      html += `<p${kind}>${inline(block.trim())}</p>\n`;
    }
  }
  return html + (isOpen ? '</section>' : '');
}
