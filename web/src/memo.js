// Remembering what was shown last, so that what has not changed is not drawn again: most keystrokes change little.
// @ts-check

/**
 * A part of a report as text, but for where things stand in the user's text.
 * @param {unknown} value
 */
export function withoutPlaces(value) {
  return JSON.stringify(value).replace(/"(?:start|end)":\{[^}]*\},?/g, '');
}

/** @returns {(name: string, value: unknown) => boolean} whether a value differs from the one given last under this name */
export function createMemo() {
  /** @type {Map<string, string>} */
  const last = new Map();
  return (name, value) => {
    const now = JSON.stringify(value);
    if (last.get(name) === now) return false;
    last.set(name, now);
    return true;
  };
}
