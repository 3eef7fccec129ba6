// `embed.html`: the playground for an <iframe>. The scenario is in the address, as in a link to the full page:
// `embed.html?view=policies+decision&theme=dark#1.…`.
//
// Messages to the page around are objects `{ type: 'iam-playground', version: 1, event, … }`. The frame's height goes to
// anyone; what stands in the frame goes only to origins on the list, and messages from other origins are not heard:
// `?origin=https://docs.example.org`, which may be given several times. The frame's own origin is always on it.
// @ts-check

import { ScenarioError, isObject } from '../scenario.js';
import { LinkError, decodeFragment } from '../share.js';

const VERSION = 1;

/** The element's attributes that the address may set. */
const ATTRIBUTES = ['view', 'theme', 'readonly', 'predict', 'max-height', 'src', 'lesson'];

const playground = /** @type {HTMLElement & { scenario: unknown, reset(): void }} */ (document.getElementById('playground'));
const parameters = new URLSearchParams(location.search);
const origins = new Set([location.origin, ...parameters.getAll('origin').filter((origin) => origin !== 'null' && origin !== '*')]);

for (const name of ATTRIBUTES) {
  const value = parameters.get(name);
  if (value !== null && value !== 'false') playground.setAttribute(name, value);
}

/** @param {string} event @param {object} more @param {string} target */
function tell(event, more, target) {
  if (parent === window) return;
  try {
    parent.postMessage({ type: 'iam-playground', version: VERSION, event, ...more }, target);
  } catch {
    // An origin on the list that is none.
  }
}

/** To the page around, if its origin is on the list: the browser compares. @param {string} event @param {object} more */
function tellListed(event, more) {
  for (const origin of origins) tell(event, more, origin);
}

let height = 0;
new ResizeObserver(() => {
  const now = Math.ceil(document.documentElement.getBoundingClientRect().height);
  if (now === height) return;
  height = now;
  // A height is no secret.
  tell('resize', { height }, '*');
}).observe(document.documentElement);

playground.addEventListener('iam-ready', () => tellListed('ready', {}));
playground.addEventListener('iam-result', (event) => {
  const { report } = /** @type {CustomEvent} */ (event).detail;
  tellListed('result', { decision: report.decision });
});
playground.addEventListener('iam-pass', () => tellListed('pass', {}));

addEventListener('message', ({ data, origin, source }) => {
  if (source !== parent || !origins.has(origin)) return;
  if (!isObject(data) || data.type !== 'iam-playground' || data.version !== VERSION) return;
  if (data.command === 'reset') playground.reset();
  if (data.command === 'set-scenario') {
    try {
      playground.scenario = data.scenario;
    } catch (error) {
      tellListed('error', { message: error instanceof Error ? error.message : String(error) });
    }
  }
});

async function open() {
  try {
    const scenario = await decodeFragment(location.hash);
    if (scenario !== undefined) playground.scenario = scenario;
    say();
  } catch (error) {
    if (!(error instanceof LinkError || error instanceof ScenarioError)) throw error;
    say(`The link could not be opened: ${error.message}.`);
  }
}

/** @param {string} [message] */
function say(message) {
  document.getElementById('message')?.remove();
  if (message === undefined) return;
  const line = document.createElement('p');
  line.id = 'message';
  line.setAttribute('role', 'status');
  line.textContent = message;
  playground.before(line);
}

addEventListener('hashchange', () => void open());
await open();
