// Where an embed takes its scenario from: `src`, a script beside it, or the policy that readers see without JavaScript.
// @ts-check

import { ScenarioError, isObject } from '../scenario.js';

/** The largest scenario that is read. */
const LARGEST = 2_000_000;

/**
 * The scenario in the element's own children: `<script type="application/json" slot="scenario">`, and the first
 * `<pre>`, which becomes an identity policy where the scenario has none.
 * @param {Element} element
 * @returns {Record<string, unknown> | undefined}  undefined where there are no such children
 * @throws {ScenarioError | SyntaxError}
 */
export function inlineScenario(element) {
  const script = element.querySelector(':scope > script[type="application/json"], script[slot="scenario"]');
  const code = element.querySelector('pre code, pre');
  if (!script && !code) return undefined;
  const given = script ? parse(script.textContent ?? '') : {};
  if (!code || 'policies' in given) return given;
  return { ...given, policies: [{ kind: 'identity', name: 'Policy', document: codeText(code).trim() }] };
}

/** @param {string} text @returns {Record<string, unknown>} */
function parse(text) {
  const value = JSON.parse(text);
  if (!isObject(value)) throw new ScenarioError('a scenario is a JSON object');
  return value;
}

/**
 * The text of a code block, whatever a documentation tool's highlighter has made of it: one of them ends its lines with
 * `<br>`, another puts buttons inside.
 * @param {Node} node
 * @returns {string}
 */
function codeText(node) {
  let text = '';
  for (const child of node.childNodes) {
    if (child instanceof Text) text += child.data;
    else if (child instanceof HTMLBRElement) text += '\n';
    else if (child instanceof Element && !child.matches('button, .buttons, .linenos, [aria-hidden=true]')) text += codeText(child);
  }
  return text;
}

/**
 * @param {URL} address
 * @returns {Promise<unknown>}
 * @throws {Error} with a message for the reader
 */
export async function fetchScenario(address) {
  if (address.protocol !== 'https:' && address.protocol !== 'http:') throw new Error('only http and https addresses are fetched');
  let response;
  try {
    response = await fetch(address, { credentials: 'same-origin' });
  } catch {
    throw new Error('it cannot be reached from this page');
  }
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const text = await response.text();
  if (text.length > LARGEST) throw new Error(`it is larger than ${LARGEST / 1_000_000} MB`);
  try {
    const value = JSON.parse(text);
    // A bare policy document is as good as one in a scenario.
    if (isObject(value) && 'Statement' in value) return { policies: [{ kind: 'identity', name: 'Policy', document: text }] };
    return value;
  } catch {
    throw new Error('what came is not JSON');
  }
}
