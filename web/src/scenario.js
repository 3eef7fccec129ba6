// Between a scenario (the file format) and the page's state. The state keeps every field it does not know, so
// that nothing is lost on the way through the page.
// @ts-check

import { freshId } from './dom.js';
import { kindInfo } from './kinds.js';

/**
 * @typedef {import('./types.d.ts').Scenario} Scenario
 * @typedef {import('./types.d.ts').ScenarioTest} ScenarioTest
 * @typedef {import('./types.d.ts').RequestFields} RequestFields
 * @typedef {import('./types.d.ts').PageState} PageState
 * @typedef {import('./types.d.ts').PagePolicy} PagePolicy
 * @typedef {import('./types.d.ts').PolicyKindName} PolicyKindName
 */

/** What was given is no scenario; the message says what is wrong with it. */
export class ScenarioError extends Error {}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param {unknown} value */
const text = (value) => (typeof value === 'string' ? value : '');

/** Editors count a line break as one unit, so positions only agree if the text has no carriage returns. @param {string} value */
const oneLineBreak = (value) => value.replace(/\r\n?/g, '\n');

/**
 * The text of a document: a string is kept as it is, an object laid out with two spaces.
 * @param {unknown} document
 */
export function documentText(document) {
  if (typeof document === 'string') return oneLineBreak(document);
  return document === undefined ? '' : JSON.stringify(document, null, 2);
}

/**
 * Reads a scenario into the page's state.
 * @param {unknown} value
 * @returns {PageState}
 * @throws {ScenarioError}
 */
export function toState(value) {
  if (!isObject(value)) throw new ScenarioError('a scenario is a JSON object');
  // A copy, and only what JSON can hold.
  const { title, description, request, policies, organization, tests, ...rest } = JSON.parse(JSON.stringify(value));
  if (request !== undefined && !isObject(request)) throw new ScenarioError('`request` is not an object');
  if (policies !== undefined && !Array.isArray(policies)) throw new ScenarioError('`policies` is not a list');
  if (tests !== undefined && !Array.isArray(tests)) throw new ScenarioError('`tests` is not a list');
  if (organization !== undefined && !isObject(organization)) throw new ScenarioError('`organization` is not an object');
  return {
    title: text(title),
    description: text(description),
    request: request ?? {},
    policies: (policies ?? []).map(toPolicy),
    organization: organization,
    tests: (tests ?? []).map(toTest),
    rest,
  };
}

/** @param {unknown} value @param {number} index @returns {PagePolicy} */
function toPolicy(value, index) {
  if (!isObject(value)) throw new ScenarioError(`\`policies[${index}]\` is not an object`);
  const { kind, name, via, target, document, ...rest } = value;
  return {
    id: freshId('policy'),
    kind: /** @type {PolicyKindName} */ (typeof kind === 'string' ? kind : 'identity'),
    name: text(name),
    via: text(via),
    target: text(target),
    text: documentText(document),
    rest,
  };
}

/**
 * Whether a policy is one of AWS's own, by name: its document is AWS's and comes with the report.
 * @param {PagePolicy} policy
 */
export function isManaged(policy) {
  return policy.rest.managedPolicy !== undefined && policy.text === '';
}

/** @param {unknown} value @param {number} index @returns {ScenarioTest} */
function toTest(value, index) {
  if (!isObject(value)) throw new ScenarioError(`\`tests[${index}]\` is not an object`);
  return /** @type {ScenarioTest} */ (value);
}

/**
 * The scenario that the state stands for, documents as text.
 * @param {PageState} state
 * @returns {Scenario}
 */
export function toScenario(state) {
  /** @type {Scenario} */
  const scenario = {
    version: 1,
    ...state.rest,
    ...(state.title && { title: state.title }),
    ...(state.description && { description: state.description }),
    request: state.request,
    policies: state.policies.map((policy) => ({
      kind: policy.kind,
      ...(policy.name && { name: policy.name }),
      ...(policy.via && { via: policy.via }),
      ...(policy.target && { target: policy.target }),
      ...policy.rest,
      ...(!isManaged(policy) && { document: policy.text }),
    })),
  };
  if (state.organization) scenario.organization = state.organization;
  if (state.tests.length > 0) scenario.tests = state.tests;
  return scenario;
}

/**
 * A new policy of a kind, with a document to start from and a name that is not taken.
 * @param {PageState} state
 * @param {PolicyKindName} kind
 * @returns {PagePolicy}
 */
export function newPolicy(state, kind) {
  const info = kindInfo(kind);
  const taken = new Set(state.policies.map((policy) => policy.name));
  let name = info.name;
  for (let n = 2; taken.has(name); n += 1) name = `${info.name}${n}`;
  const level = state.policies.findLast((policy) => policy.kind === kind)?.target ?? 'Root';
  return {
    id: freshId('policy'),
    kind,
    name,
    via: '',
    target: info.extra === 'target' ? level : '',
    text: JSON.stringify(info.starter, null, 2),
    rest: {},
  };
}

/**
 * The request that a test makes: the scenario's own, with the test's fields in their place and its context keys merged in.
 * @param {RequestFields} base
 * @param {ScenarioTest} test
 * @returns {RequestFields}
 */
export function testRequest(base, test) {
  const own = isObject(test.request) ? /** @type {RequestFields} */ (test.request) : {};
  const merged = { ...base, ...own };
  if (base.context || own.context) merged.context = { ...base.context, ...own.context };
  return merged;
}

/**
 * Changes the request and keeps the meaning of the tests: a test that took a changed field from the request
 * gets the old value as its own.
 * @param {PageState} state
 * @param {RequestFields} next
 * @param {ReadonlySet<string>} derived  keys that the engine derives: a test may go on leaving them out
 * @returns {PageState}
 */
export function changeRequest(state, next, derived) {
  const old = state.request;
  const tests = state.tests.map((test) => {
    const own = /** @type {RequestFields} */ (isObject(test.request) ? test.request : {});
    /** @type {RequestFields} */
    const pinned = {};
    for (const field of /** @type {const} */ (['principal', 'action', 'resource', 'resourceAccount', 'derive'])) {
      if (old[field] !== undefined && !same(old[field], next[field]) && own[field] === undefined) {
        Object.assign(pinned, { [field]: old[field] });
      }
    }
    const context = pinnedContext(old.context ?? {}, next.context ?? {}, own.context ?? {}, derived);
    if (Object.keys(pinned).length === 0 && Object.keys(context).length === 0) return test;
    const request = { ...pinned, ...own };
    if (Object.keys(context).length > 0) request.context = { ...context, ...own.context };
    return { ...test, request };
  });
  return { ...state, request: next, tests };
}

/**
 * @typedef {NonNullable<RequestFields['context']>} Context
 * @param {Context} old
 * @param {Context} next
 * @param {Context} own
 * @param {ReadonlySet<string>} derived
 */
function pinnedContext(old, next, own, derived) {
  /** @type {Context} */
  const pinned = {};
  for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
    if (key in own || same(old[key], next[key])) continue;
    const before = old[key];
    if (before !== undefined) pinned[key] = before;
    else if (!derived.has(key)) pinned[key] = null;
  }
  return pinned;
}

/** @param {unknown} a @param {unknown} b */
export function same(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
