// Lays JSON out anew without reading its values: only the white space between tokens changes, so long numbers,
// escapes and duplicate keys stay as they were typed.
// @ts-check

const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/gs;

/**
 * @param {string} text
 * @returns {string | undefined} the text with two-space indentation; undefined where it is not JSON
 */
export function formatJson(text) {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const tokens = text.match(TOKEN) ?? [];
  let out = '';
  let depth = 0;
  tokens.forEach((token, at) => {
    const next = tokens[at + 1];
    if (token === '{' || token === '[') {
      const closes = next === '}' || next === ']';
      depth += 1;
      out += closes ? token : token + line(depth);
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const empty = tokens[at - 1] === '{' || tokens[at - 1] === '[';
      out += empty ? token : line(depth) + token;
    } else if (token === ',') {
      out += token + line(depth);
    } else if (token === ':') {
      out += ': ';
    } else {
      out += token;
    }
  });
  return out;
}

/** @param {number} depth */
const line = (depth) => `\n${'  '.repeat(depth)}`;
