// Light or dark, as the page around an embed is: documentation tools say it in attributes and classes of their own.
// @ts-check

/** @typedef {'light' | 'dark'} Theme */

/** Attributes, in the order in which they are believed: Docusaurus and Sphinx themes, Bootstrap, MkDocs Material, others. */
const ATTRIBUTES = ['data-theme', 'data-bs-theme', 'data-md-color-scheme', 'data-color-mode', 'data-color-scheme'];
/** mdBook's themes and common class names, on the root or the body. */
const DARK = /(?:^|\s)(?:dark|coal|navy|ayu|theme-dark|dark-mode)(?:\s|$)/;
const LIGHT = /(?:^|\s)(?:light|rust|theme-light|light-mode)(?:\s|$)/;

/** @type {Set<() => void>} */
const followers = new Set();
const system = matchMedia('(prefers-color-scheme: dark)');

const tellAll = () => {
  for (const follower of followers) follower();
};

/** @type {MutationObserver | undefined} */
let observer;

/** Calls `update` now and whenever the page's theme may have changed. @param {() => void} update @returns {() => void} to stop */
export function onTheme(update) {
  if (!observer) {
    observer = new MutationObserver(tellAll);
    const attributeFilter = ['class', 'style', ...ATTRIBUTES];
    for (const element of [document.documentElement, document.body]) observer.observe(element, { attributeFilter });
    system.addEventListener('change', tellAll);
  }
  followers.add(update);
  update();
  return () => followers.delete(update);
}

/**
 * The theme around an element: what the nearest ancestor states, else whether what is painted behind it is dark.
 * @param {Element} element
 * @returns {Theme}
 */
export function themeAround(element) {
  for (let at = parentOf(element); at; at = parentOf(at)) {
    const stated = statedBy(at);
    if (stated) return stated;
  }
  for (let at = parentOf(element); at; at = parentOf(at)) {
    const light = lightness(getComputedStyle(at).backgroundColor);
    if (light !== undefined) return light < 0.5 ? 'dark' : 'light';
  }
  // Nothing is painted: the browser's own canvas is dark only for a page that says it can be.
  const schemes = getComputedStyle(document.documentElement).colorScheme;
  if (!schemes.includes('dark')) return 'light';
  return system.matches || !schemes.includes('light') ? 'dark' : 'light';
}

/** @param {Element} element */
function parentOf(element) {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** @param {Element} element @returns {Theme | undefined} */
function statedBy(element) {
  for (const attribute of ATTRIBUTES) {
    const value = element.getAttribute(attribute);
    if (value === null) continue;
    if (value === 'auto') return system.matches ? 'dark' : 'light';
    if (/dark|slate|night|black/.test(value)) return 'dark';
    if (/light|default|white/.test(value)) return 'light';
  }
  if (element !== document.documentElement && element !== document.body) return undefined;
  const classes = element.getAttribute('class') ?? '';
  if (DARK.test(classes)) return 'dark';
  return LIGHT.test(classes) ? 'light' : undefined;
}

/**
 * From 0, black, to 1, white; undefined where nothing is painted.
 * @param {string} colour  as computed
 */
function lightness(colour) {
  const numbers = /^rgba?\(([^)]*)\)$/.exec(colour)?.[1]?.split(/[\s,/]+/).map(Number);
  const [red = 0, green = 0, blue = 0, alpha = 1] = numbers ?? [];
  if (!numbers || alpha < 0.5) return undefined;
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
