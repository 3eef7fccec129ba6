// Building DOM without HTML strings: what a user typed can only ever become text.
// @ts-check

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Record<string, unknown>} Props
 */

/**
 * Makes an element. `class` and other attributes are set as attributes, `on…` functions become listeners,
 * `data` fills the dataset; `null`, `undefined` and `false` leave an attribute out, `true` sets it empty.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  setProps(element, props ?? {});
  append(element, children);
  return element;
}

/** @param {HTMLElement} element @param {Props} props */
function setProps(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'data') {
      for (const [key, text] of Object.entries(/** @type {Record<string, unknown>} */ (value))) {
        if (text !== null && text !== undefined) element.dataset[key] = String(text);
      }
    } else if (name === 'value') {
      /** @type {HTMLInputElement} */ (element).value = String(value);
    } else if (typeof value === 'function') {
      element.addEventListener(name.replace(/^on/, ''), /** @type {EventListener} */ (value));
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
}

/** @param {Node} parent @param {(Child | Child[])[]} children */
function append(parent, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Puts new children in place of the old ones and keeps the focus: the focused element inside is found again by
 * its `data-key`.
 * @param {HTMLElement} parent
 * @param {...(Child | Child[])} children
 */
export function replace(parent, ...children) {
  const active = activeIn(parent);
  const key = active instanceof HTMLElement && parent.contains(active) ? active.dataset.key : undefined;
  parent.replaceChildren();
  append(parent, children);
  if (key !== undefined) focusKey(parent, key);
}

/**
 * Makes these the children of an element, and leaves alone those that are in their place already: they keep the focus, and
 * the browser has nothing to lay out anew.
 * @param {HTMLElement} parent
 * @param {Element[]} children
 */
export function arrange(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}

/**
 * Sets what differs from what is set: to set an attribute again, a browser works as if it were another.
 * @param {HTMLElement} element
 * @param {Record<string, string>} attributes
 */
export function setChanged(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

/** Sets a text that differs from what is there. @param {HTMLElement} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {HTMLElement} parent @param {string} key @returns {boolean} whether it was there */
export function focusKey(parent, key) {
  for (const element of parent.querySelectorAll('[data-key]')) {
    if (element instanceof HTMLElement && element.dataset.key === key) {
      element.focus({ preventScroll: true });
      return true;
    }
  }
  return false;
}

/** What holds a playground: the page's document, or the shadow root of an embedded one. @typedef {Document | ShadowRoot} Root */

/**
 * The focused element of the tree that a node is in. (A document only says which host holds it.)
 * @param {Node} node
 */
export function activeIn(node) {
  const root = node.getRootNode();
  return root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
}

/** Whether what stands in a root is only to be read: an embed with the attribute `readonly`. @param {Root} root */
export function isLocked(root) {
  return root instanceof ShadowRoot && root.host.hasAttribute('readonly');
}

/**
 * The element with an id of `index.html`.
 * @param {string} id
 * @param {Root} [root]
 * @returns {HTMLElement}
 */
export function byId(id, root = document) {
  const element = root.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

let serial = 0;

/** A fresh id for `for`, `aria-labelledby` and the like. @param {string} prefix */
export function freshId(prefix) {
  serial += 1;
  return `${prefix}-${serial}`;
}

/**
 * Calls `action` once things have been quiet for a while. `flush` does it at once if it is due.
 * @param {() => void} action
 * @param {number} milliseconds
 */
export function debounce(action, milliseconds) {
  /** @type {number | undefined} */
  let timer;
  const run = () => {
    timer = undefined;
    action();
  };
  return {
    call() {
      clearTimeout(timer);
      timer = setTimeout(run, milliseconds);
    },
    flush() {
      if (timer === undefined) return;
      clearTimeout(timer);
      run();
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

const sizesItself = CSS.supports('field-sizing', 'content');

/**
 * Makes a text field as high as its text, where the style sheet alone cannot.
 * @param {HTMLTextAreaElement | HTMLInputElement} field
 */
export function fit(field) {
  if (sizesItself || field instanceof HTMLInputElement) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}

/** Whether a keystroke on this element is text being typed. @param {EventTarget | null} target */
export function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=range], [type=checkbox], [type=radio]), textarea, select'))
  );
}
