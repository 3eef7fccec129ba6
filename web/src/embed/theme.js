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

/**
 * Calls `update` now and whenever the theme around an element may have changed.
 * @param {Element} element
 * @param {() => void} update
 * @returns {() => void} to stop
 */
export function onTheme(element, update) {
  if (!observer) {
    observer = new MutationObserver(tellAll);
    system.addEventListener('change', tellAll);
  }
  // Styles written into elements further in are mostly something being moved.
  for (let at = parentOf(element); at; at = parentOf(at)) {
    observer.observe(at, { attributeFilter: ['class', ...(isOutermost(at) ? ['style'] : []), ...ATTRIBUTES] });
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
const isOutermost = (element) => element === document.documentElement || element === document.body;

/** Where an element is drawn: in the slot that it is put into, if there is one. @param {Element} element */
function parentOf(element) {
  const root = element.getRootNode();
  return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
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
  if (!isOutermost(element)) return undefined;
  const classes = element.getAttribute('class') ?? '';
  if (DARK.test(classes)) return 'dark';
  return LIGHT.test(classes) ? 'light' : undefined;
}

/**
 * From 0, black, to 1, white; undefined where nothing is painted.
 * @param {string} colour  as computed
 */
function lightness(colour) {
  // `oklch(0.2 0.02 250 / 1)`, `color(srgb 0.1 0.1 0.1)`, `rgb(20, 20, 20)`: browsers keep the space that was written.
  const [, space = '', list = ''] = /^([a-z]+)\(([^)]*)\)$/.exec(colour) ?? [];
  const [one = 0, two = 0, three = 0, alpha = 1] = list
    .split(/[\s,/]+/)
    .filter((part) => /^[\d.e+-]+$|^none$/.test(part))
    .map((part) => Number(part) || 0);
  if (list === '' || alpha < 0.5) return undefined;
  if (space.startsWith('ok')) return one;
  if (space === 'lab' || space === 'lch') return one / 100;
  return (0.2126 * one + 0.7152 * two + 0.0722 * three) / (space === 'color' ? 1 : 255);
}
