// A link is the document: the scenario as JSON, deflated, in base64url, behind a version number.
// `#1.` is the only version so far; a larger number is a newer page's link, and is said to be.
// @ts-check

/**
 * @typedef {import('./types.d.ts').Scenario} Scenario
 *
 * @typedef {object} View  how the page is looked at, beside the scenario
 * @property {string} [step]  the stage of the evaluation that the reader stands at
 */

const VERSION = 1;
/** A link of a few kilobytes must not unpack into gigabytes. */
const LARGEST = 2_000_000;

/** The link cannot be read; the message says why. */
export class LinkError extends Error {}

/** The field of a link that is no part of the scenario. */
const VIEW = '$view';

/**
 * The fragment for a scenario, with its `#`.
 * @param {object} scenario
 * @param {View} [view]
 */
export async function encodeFragment(scenario, view = {}) {
  const content = Object.values(view).some((value) => value !== undefined) ? { ...scenario, [VIEW]: view } : scenario;
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  const packed = await collect(stream(bytes).pipeThrough(new CompressionStream('deflate-raw')), Infinity);
  return `#${VERSION}.${toBase64Url(packed)}`;
}

/**
 * The scenario in a fragment, or undefined where the fragment holds none.
 * @param {string} fragment  with its `#`
 * @returns {Promise<unknown>}
 * @throws {LinkError}
 */
export async function decodeFragment(fragment) {
  return (await decodeLink(fragment))?.scenario;
}

/**
 * The scenario in a fragment and how it was looked at, or undefined where the fragment holds none.
 * @param {string} fragment  with its `#`
 * @returns {Promise<{ scenario: unknown, view: View } | undefined>}
 * @throws {LinkError}
 */
export async function decodeLink(fragment) {
  const link = fragment.replace(/^#/, '');
  if (link === '') return undefined;
  const found = /^(\d{1,9})\.(.*)$/s.exec(link);
  if (!found) {
    // An ordinary fragment such as `#decision` names a place in the page, `#lesson=ID` a lesson.
    if (/^[a-z][a-z-]*(?:=[a-z0-9-]*)?$/.test(link)) return undefined;
    throw new LinkError('it does not look like a link to a scenario');
  }
  const version = Number(found[1]);
  if (version > VERSION) {
    throw new LinkError(`a newer version of the playground made it (format ${version}; this page reads ${VERSION})`);
  }
  if (version < 1) throw new LinkError('it is damaged');
  const packed = fromBase64Url(found[2] ?? '');
  const json = await unpack(packed);
  try {
    return apart(JSON.parse(json));
  } catch {
    throw new LinkError('it is damaged: what it holds is not JSON');
  }
}

/** @param {unknown} content @returns {{ scenario: unknown, view: View }} */
function apart(content) {
  if (typeof content !== 'object' || content === null || !(VIEW in content)) return { scenario: content, view: {} };
  const { [VIEW]: view, ...scenario } = content;
  const step = typeof view === 'object' && view !== null && 'step' in view ? view.step : undefined;
  return { scenario, view: typeof step === 'string' ? { step } : {} };
}

/** @param {Uint8Array<ArrayBuffer>} packed */
async function unpack(packed) {
  let bytes;
  try {
    bytes = await collect(stream(packed).pipeThrough(new DecompressionStream('deflate-raw')), LARGEST);
  } catch (error) {
    if (error instanceof LinkError) throw error;
    throw new LinkError('it is cut off or damaged');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LinkError('it is damaged: what it holds is not text');
  }
}

/** Bytes as a stream. (That of a `Blob` asks another process for them.) @param {Uint8Array<ArrayBuffer>} bytes @returns {ReadableStream<Uint8Array<ArrayBuffer>>} */
function stream(bytes) {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} from @param {number} limit */
async function collect(from, limit) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  let size = 0;
  const reader = from.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      throw new LinkError(`it unpacks to more than ${limit / 1_000_000} MB`);
    }
    chunks.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}

/** @param {Uint8Array} bytes */
function toBase64Url(bytes) {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @param {string} text */
function fromBase64Url(text) {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) {
    throw new LinkError(text === '' ? 'it is cut off' : 'it has characters that do not belong into it');
  }
  let binary;
  try {
    binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    throw new LinkError('it is cut off or damaged');
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
