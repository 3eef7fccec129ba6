// The browser's local storage, which may be blocked or full: then the page works all the same and forgets.
// @ts-check

const PREFIX = 'iam-playground:';

/** @param {string} name @returns {string | undefined} */
export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} name @param {string | undefined} value */
export function remember(name, value) {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // Nothing to do: the link in the address bar still holds the work.
  }
}
