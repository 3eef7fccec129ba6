// The page's regions as a tree that a script can grow: `index.html` is where they are written, and the only place.
// @ts-check

/**
 * @typedef {string | [string, Record<string, string>, ...unknown[]]} Tree
 * @typedef {[string, Record<string, string>, ...unknown[]]} ElementTree
 */

const VOID = new Set(['input', 'br', 'hr', 'img', 'path', 'rect', 'circle', 'line']);
const ENTITIES = /** @type {Record<string, string>} */ ({ amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0' });

/** @param {string} text */
const decode = (text) =>
  text.replace(/&(\w+);/g, (all, name) => {
    const character = ENTITIES[name];
    if (character === undefined) throw new Error(`index.html has ${all}, which web/build/regions.mjs does not know`);
    return character;
  });

/**
 * The element `<main id="regions">` of a page. Reads the HTML that we write, in which every element is closed and
 * every attribute value quoted, and refuses any other.
 * @param {string} html
 * @returns {ElementTree}
 */
export function regionsOf(html) {
  const start = html.indexOf('<main ');
  const end = html.indexOf('</main>');
  if (start < 0 || end < 0) throw new Error('index.html has no <main …> … </main>');
  const source = html.slice(start, end + '</main>'.length);
  /** @type {ElementTree[]} */
  const open = [['root', {}]];
  const pattern = /<!--.*?-->|<\/([\w-]+)>|<([\w-]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|([^<]+)/gs;
  let at = 0;
  for (const match of source.matchAll(pattern)) {
    if (match.index !== at) throw new Error(`index.html cannot be read at: ${source.slice(at, at + 60)}`);
    at += match[0].length;
    const [, closed, opened, attributes, alone, text] = match;
    const parent = /** @type {ElementTree} */ (open.at(-1));
    if (text !== undefined) {
      if (text.trim() !== '') parent.push(decode(text.replace(/\s+/g, ' ')));
    } else if (opened !== undefined) {
      /** @type {ElementTree} */
      const element = [opened, {}];
      for (const [, name, value] of (attributes ?? '').matchAll(/([\w:-]+)(?:="([^"]*)")?/g)) element[1][name ?? ''] = decode(value ?? '');
      parent.push(element);
      if (!alone && !VOID.has(opened)) open.push(element);
    } else if (closed !== undefined) {
      if (open.pop()?.[0] !== closed) throw new Error(`index.html closes <${closed}>, which is not open`);
    }
  }
  if (at !== source.length || open.length !== 1) throw new Error('the regions of index.html cannot be read to their end');
  return /** @type {ElementTree} */ (/** @type {ElementTree} */ (open[0])[2]);
}
