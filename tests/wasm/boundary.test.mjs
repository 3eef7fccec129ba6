// What crosses the boundary between JavaScript and the engine: plain values, positions as JavaScript counts them,
// and never an exception for anything a user may type.
// @ts-check

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createAssembler } from '../../web/src/parts.js';
import { evaluate, evaluateParts, projectFile, review, reviewLast, version } from './engine.mjs';

const request = {
  principal: 'arn:aws:iam::111122223333:user/alice',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::my-app-uploads/report.csv',
};

/** A scenario with one identity policy. @param {object | string} document @param {object} [more] */
function withPolicy(document, more) {
  return { request, policies: [{ kind: /** @type {const} */ ('identity'), name: 'P', document }], ...more };
}

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const policy = { Version: '2012-10-17', Statement: [statement] };

/** Calls the engine with what no type allows. @param {unknown} value */
function evaluateAnything(value) {
  return evaluate(/** @type {any} */ (value));
}

test('a policy given as an object and as text gives one decision', () => {
  assert.equal(evaluate(withPolicy(policy)).decision, 'allowed');
  assert.equal(evaluate(withPolicy(JSON.stringify(policy))).decision, 'allowed');
});

test('a report is plain data', () => {
  const report = evaluate(
    withPolicy(
      { ...policy, Statement: [{ ...statement, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }] },
      { tests: [{ name: 'other', request: { action: 's3:PutObject' }, expect: 'implicitDeny' }] },
    ),
  );
  assert.equal(report.decision, 'implicitDeny');
  // No Map, no undefined, no BigInt: JSON takes it there and back.
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  assert.deepEqual(structuredClone(report), report);
  assert.equal(report.tests[0]?.pass, true);
});

test('positions count as JavaScript does', () => {
  // Three code points that are one, two and two UTF-16 units and two, four and four bytes of UTF-8.
  const text = `{ "Id": "é🔑🗝",\r\n  "Version": "2012-10-17", "Statement": [${JSON.stringify(statement)}] }`;
  const [matched] = evaluate(withPolicy(text)).matchedStatements;
  assert.ok(matched);
  assert.equal(text.slice(matched.start.offset, matched.end.offset), JSON.stringify(statement));
  assert.equal(matched.start.line, 2);
  assert.equal(matched.start.column, matched.start.offset - text.indexOf('\n'));
});

test('the time of the request is an input', () => {
  const document = {
    ...policy,
    Statement: [{ ...statement, Condition: { DateLessThan: { 'aws:CurrentTime': '2026-01-31T12:00:00Z' } } }],
  };
  const noon = Date.UTC(2026, 0, 31, 12);
  assert.equal(evaluate(withPolicy(document), noon - 1000).decision, 'allowed');
  assert.equal(evaluate(withPolicy(document), noon).decision, 'implicitDeny');
});

test('without a time the clock of the machine counts', () => {
  /** @param {string} operator @param {number} shift */
  const document = (operator, shift) => ({
    ...policy,
    Statement: [
      { ...statement, Condition: { [operator]: { 'aws:CurrentTime': new Date(Date.now() + shift).toISOString() } } },
    ],
  });
  assert.equal(evaluate(withPolicy(document('DateLessThan', 60_000))).decision, 'allowed');
  assert.equal(evaluate(withPolicy(document('DateGreaterThan', -60_000))).decision, 'allowed');
});

test('broken text is reported at its place', () => {
  const report = evaluate(withPolicy('{ "Version": "2012-10-17",\n  "Statement": [ }'));
  assert.equal(report.decision, null);
  assert.equal(report.reason.code, 'invalid-policy');
  const error = report.diagnostics.find(({ severity }) => severity === 'error');
  assert.equal(error?.policy, 'P');
  assert.equal(error?.start?.line, 2);
});

for (const [name, value] of /** @type {[string, unknown][]} */ ([
  ['nothing', undefined],
  ['null', null],
  ['a number', 42],
  ['not a number', NaN],
  ['text', 'not a scenario'],
  ['an array', []],
  ['an empty object', {}],
  ['a function', () => 1],
  ['a symbol', Symbol('x')],
  ['a big integer', 10n ** 30n],
  ['a date', new Date(0)],
  ['a map', new Map([['request', 1]])],
  ['a request of the wrong type', { request: 'x' }],
  ['a request without an action', { request: { principal: '*' } }],
  ['an unknown version', { version: 99, request }],
  ['policies of the wrong type', { request, policies: 'x' }],
  ['a policy of an unknown kind', { request, policies: [{ kind: 'magic', document: {} }] }],
  ['a context of the wrong type', { request: { ...request, context: [1] } }],
  ['tests of the wrong type', { request, tests: { name: 1 } }],
])) {
  test(`${name} instead of a scenario is refused in the report`, () => {
    const report = evaluateAnything(value);
    assert.equal(report.decision, null);
    assert.match(report.reason.code, /^invalid-(?:request|policy)$/);
    assert.ok(report.diagnostics.some(({ severity }) => severity === 'error'));
  });
}

// No file and no form can hold these, but a program can. In a thread of their own, as one that never ends would
// keep the others from being told.
for (const [name, code] of [
  ['an object that contains itself', 'const x = {}; x.request = x; return x;'],
  ['an object that contains itself twice', 'const x = {}; x.request = x; x.policies = [x, x]; return x;'],
  ['an object that refuses to be read', 'return { get request() { throw new Error("no"); } };'],
]) {
  test(`${name} instead of a scenario is refused in the report`, async () => {
    const module = new URL('./engine.mjs', import.meta.url).href;
    const source = `
      const { parentPort } = require('node:worker_threads');
      import(${JSON.stringify(module)}).then(({ evaluate }) => {
        const report = evaluate((() => { ${code} })());
        parentPort.postMessage([report.decision, report.reason.code]);
      });`;
    const thread = new Worker(source, { eval: true });
    const late = setTimeout(() => thread.terminate(), 10_000);
    try {
      const [answer] = await Promise.race([once(thread, 'message'), once(thread, 'exit').then(() => ['no answer'])]);
      assert.deepEqual(answer, [null, 'invalid-request']);
    } finally {
      clearTimeout(late);
      await thread.terminate();
    }
  });
}

for (const [name, text] of /** @type {[string, string][]} */ ([
  ['100,000 open brackets', '['.repeat(100_000)],
  ['100,000 nested objects', '{"a":'.repeat(100_000)],
  ['an unpaired surrogate', '{"Version":"\ud800"}'],
  ['a zero byte', '{"Version":"\0"}'],
  ['a byte order mark', `\ufeff${JSON.stringify(policy)}`],
  ['nothing', ''],
  ['a megabyte of one value', JSON.stringify({ ...policy, Id: 'x'.repeat(1_000_000) })],
])) {
  test(`a policy of ${name} is answered`, () => {
    const report = evaluate(withPolicy(text));
    assert.ok(report.decision === null || report.decision === 'allowed');
    // The engine is still in order.
    assert.equal(evaluate(withPolicy(policy)).decision, 'allowed');
  });
}

test('a policy nested 100,000 deep as an object is answered', () => {
  let document = {};
  for (let depth = 0; depth < 100_000; depth += 1) document = { a: document };
  assert.equal(evaluate(withPolicy(document)).decision, null);
  assert.equal(evaluate(withPolicy(policy)).decision, 'allowed');
});

const assemble = createAssembler();

/** A report in parts, and put together. @param {string} text */
function fromText(text) {
  const [beside, ...policies] = evaluateParts(text, Date.UTC(2026, 0, 31, 12));
  return { policies, report: assemble([beside, ...policies]) };
}

test('a report in parts says the same, whatever was typed, and gives a policy that has not changed once', () => {
  const at = Date.UTC(2026, 0, 31, 12);
  const half = '\ud83d';
  for (const scenario of [withPolicy(policy), withPolicy('{ "Version": "é🔑'), withPolicy(`{ "Sid": "${half}" }`), { request: { ...request, resource: `x${half}` }, policies: [] }]) {
    assert.deepEqual(fromText(JSON.stringify(scenario)).report, JSON.parse(JSON.stringify(evaluate(/** @type {any} */ (scenario), at))));
  }
  const text = JSON.stringify(withPolicy(policy));
  assert.notEqual(fromText(text).policies[0], null);
  assert.deepEqual(fromText(text).policies, [null]);
  assert.equal(fromText('no JSON').report.reason.code, 'invalid-request');
  assert.equal(fromText('['.repeat(100_000)).report.reason.code, 'invalid-request');
});

test('a statement that only moved crosses as its place', () => {
  const text = JSON.stringify({ ...policy, Statement: [statement, { ...statement, Resource: 'arn:aws:s3:::b/*' }] }, null, 2);
  const { report: before } = fromText(JSON.stringify(withPolicy(text)));
  const edited = text.replace('"s3:GetObject"', '["s3:Get*",\n"s3:Put*"]').replace('[', '[ ');
  const { policies, report } = fromText(JSON.stringify(withPolicy(edited)));
  const start = edited.lastIndexOf('{');
  assert.deepEqual(JSON.parse(policies[0] ?? '').statements[1], [10, 5, start]);
  assert.equal(report.policies[0]?.statements[1]?.start.offset, start);
  assert.equal(before.policies[0]?.statements[1]?.start.line, 9);
  // What stands where it stood is the same object.
  const again = edited.replace('arn:aws:s3:::b/*', 'arn:aws:s3:::c/*');
  const { report: third } = fromText(JSON.stringify(withPolicy(again)));
  assert.equal(third.policies[0]?.statements[0], report.policies[0]?.statements[0]);
});

test('whatever is typed, and wherever, the parts put together say what a report in one piece says', () => {
  const at = Date.UTC(2026, 0, 31, 12);
  const document = {
    ...policy,
    Statement: [
      statement,
      { ...statement, Effect: 'Deny', Condition: { StringEquals: { 'aws:username': ['bob', 'eve'] }, Bool: { 'aws:SecureTransport': 'false' } } },
      { Sid: 'é🔑', Effect: 'Allow', NotAction: ['s3:Put*', 'iam:*'], NotResource: 'arn:aws:s3:::b/${aws:username}/*' },
      { ...statement, Principal: { AWS: '*' }, Action: [] },
    ],
  };
  let seed = 7;
  const below = (/** @type {number} */ bound) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * bound);
  };
  const pieces = [' ', '\n', '\n  ', 'é', '🔑', '*', 'x', '"', ',', '{}', '"s3:Get*", ', '{"Effect": "Deny", "Action": "*", "Resource": "*"}, '];
  for (const space of [2, 0]) {
    const text = JSON.stringify(document, null, space);
    let typed = text;
    for (let n = 0; n < 400; n += 1) {
      const place = below(typed.length);
      const piece = pieces[below(pieces.length)] ?? '';
      typed = typed.slice(0, place) + (below(3) ? piece : '') + typed.slice(place + (below(3) ? 0 : below(20)));
      // Most of what is typed breaks the text, so that it says nothing: often enough it is whole.
      const scenario = withPolicy(n % 3 ? text.slice(0, text.indexOf('[') + 1) + ' \n'.repeat(below(3)) + text.slice(text.indexOf('[') + 1) : typed);
      if (below(5) === 0) typed = text;
      if (below(9) === 0) scenario.policies.unshift({ kind: 'identity', name: 'Q', document: typed });
      if (below(9) === 0) scenario.request = { ...request, action: 's3:PutObject' };
      const { report } = fromText(JSON.stringify(scenario));
      assert.deepEqual(report, evaluate(scenario, at));
    }
  }
});

test('what is found beside the last report is what is found in its scenario', () => {
  const scenario = withPolicy({ ...policy, Statement: [{ ...statement, Action: 's3:GetObjekt' }] });
  fromText(JSON.stringify(scenario));
  const found = JSON.parse(reviewLast());
  assert.ok(found.some((/** @type {{ code: string }} */ { code }) => code === 'unknown-action'));
  assert.deepEqual(found, review(scenario));
  fromText(JSON.stringify(withPolicy(policy)));
  assert.deepEqual(JSON.parse(reviewLast()), review(withPolicy(policy)));
});

test('the engine tells its version', () => {
  assert.equal(version(), /^version = "(.+)"$/m.exec(projectFile('Cargo.toml'))?.[1]);
});
