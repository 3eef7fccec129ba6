// Share links are read before anything else on the page, and anybody can write one. Whatever stands in the address, it is
// read, or refused with the reason, and never unpacks without bound. Runs in Node.js, which has the same streams as browsers.
//
// LINK_FUZZ_SECONDS=600 node --test tests/browser/links.test.mjs   looks for ten minutes each, from another seed every time

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { LinkError, decodeFragment, decodeLink, encodeFragment } from '../../web/src/share.js';

const fc = createRequire(new URL('../../web/package.json', import.meta.url))('fast-check');

const seconds = Number(process.env.LINK_FUZZ_SECONDS ?? 0);
/** The same links at every run, but for those who look for more. */
const settings = (numRuns) =>
  seconds > 0
    ? { numRuns: Infinity, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false }
    : { numRuns, seed: 20261128 };

const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
const MOST = 2_000_000;

/** What a link leads to: something JSON can hold, or a refusal in words. Anything else fails. */
async function follow(link) {
  try {
    const found = await decodeLink(link);
    if (found === undefined) return undefined;
    assert.ok((JSON.stringify(found.scenario) ?? '').length <= 2 * MOST, 'it unpacked to too much');
    return found.scenario;
  } catch (error) {
    assert.ok(error instanceof LinkError, `${error.name}: ${error.message}`);
    assert.match(error.message, /^(it |a newer version )/, 'the page puts this sentence behind “The link could not be opened:”');
    return error;
  }
}

const packed = (bytes) => `#1.${deflateRawSync(bytes).toString('base64url')}`;
// `__proto__` as a key is no entry of an object written by JSON.stringify, and `$view` is no part of a scenario.
const values = fc.dictionary(
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((key) => key !== '$view' && key !== '__proto__'),
  fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 4 }),
  { maxKeys: 8 },
);

test('what is put into a link comes out of it, with the stage that the reader stood at', async () => {
  await fc.assert(
    fc.asyncProperty(values, fc.option(fc.string(), { nil: undefined }), async (scenario, step) => {
      const link = await encodeFragment(scenario, { step });
      assert.match(link, /^#1\.[A-Za-z0-9_-]+$/);
      const found = await decodeLink(link);
      // As JSON: it has no negative zero.
      assert.deepEqual(found.scenario, JSON.parse(JSON.stringify(scenario)));
      assert.equal(found.view.step, step);
      assert.deepEqual(await decodeFragment(link), found.scenario);
    }),
    settings(300),
  );
});

test('a link that was cut, or changed at any place, is read or refused in words', async () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.nat(6),
    put: fc.array(fc.constantFrom(...ALPHABET), { maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(values, fc.array(change, { minLength: 1, maxLength: 3 }), fc.double({ min: 0, max: 1, noNaN: true }), async (scenario, changes, keep) => {
      let link = await encodeFragment(scenario);
      for (const { at, drop, put } of changes) {
        const from = Math.floor(at * link.length);
        link = link.slice(0, from) + put.join('') + link.slice(from + drop);
      }
      await follow(link);
      await follow(link.slice(0, Math.floor(keep * link.length)));
    }),
    settings(400),
  );
});

test('any bytes behind the version are read or refused in words', async () => {
  const bytes = fc.uint8Array({ maxLength: 400 });
  await fc.assert(
    fc.asyncProperty(bytes, async (some) => {
      // As they are, they are nearly never deflated; deflated, they are nearly never text; as text they may be JSON.
      await follow(`#1.${Buffer.from(some).toString('base64url')}`);
      await follow(packed(some));
    }),
    settings(400),
  );
});

test('any JSON behind the version is given as it is, for the page to look at', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 5 }), async (text) => {
      const found = await follow(packed(text));
      assert.ok(!(found instanceof Error), text);
    }),
    settings(300),
  );
});

test('any text in the address is a link, a place in the page, or refused in words', async () => {
  const pieces = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('#', '1.', '0.', '2.', '999999999.', '1.#', 'lesson=', 'decision', '%', '\n')), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(pieces, async (some) => {
      await follow(some.join(''));
    }),
    settings(1000),
  );
});

test('a short link that unpacks to very much is refused before it is unpacked whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: MOST + 1, max: 60_000_000 }), async (size) => {
      const link = packed(Buffer.alloc(size, ' '));
      const before = process.memoryUsage().arrayBuffers;
      const found = await follow(link);
      assert.match(found.message, /unpacks to more than 2 MB/);
      assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000, 'it was unpacked whole');
    }),
    settings(5),
  );
});
