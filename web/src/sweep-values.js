// Which values of a condition key are worth trying: those that the policies name, and what lies beside them. A key's
// kind is told by how its values look; what they mean is the engine's business.
// @ts-check

/**
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./types.d.ts').ContextValue} ContextValue
 *
 * @typedef {{ label: string, value: ContextValue }} Choice
 * @typedef {object} Dial  a key that can be turned
 * @property {string} key  as the policy writes it
 * @property {'time' | 'choice'} kind
 * @property {number[]} instants  of a time: where something may change, in milliseconds, ascending
 * @property {Choice[]} choices  of anything else: what to try
 */

const MOST_DIALS = 8;
const MOST_CHOICES = 9;
const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)(?:\/\d{1,3})?$/i;
const NUMBER = /^-?\d{1,15}(?:\.\d+)?$/;
/** Addresses for documentation: nobody's own. */
const ELSEWHERE = ['198.51.100.7', '2001:db8:ffff::7'];
/** Regions to try beside those that a policy names. */
const REGIONS = ['eu-central-1', 'us-east-1', 'ap-southeast-2'];

/** @param {Report} report @returns {Dial[]} */
export function dials(report) {
  /** @type {Map<string, { key: string, values: Set<string>, list: boolean }>} */
  const keys = new Map();
  for (const policy of report.policies) {
    if (policy.notApplicable !== undefined) continue;
    for (const condition of policy.statements.flatMap((statement) => statement.elements.flatMap((element) => element.conditions ?? []))) {
      const name = condition.key.toLowerCase();
      const found = keys.get(name) ?? { key: condition.key, values: new Set(), list: false };
      keys.set(name, found);
      found.list ||= /^ForA(?:ll|ny)/i.test(condition.operator);
      // `Null` compares no values.
      if (condition.operator.toLowerCase() === 'null') continue;
      for (const { value } of condition.values) found.values.add(value);
    }
  }
  /** @type {Dial[]} */
  const found = [];
  for (const [name, { key, values, list }] of keys) {
    const entry = report.context.find((other) => other.key.toLowerCase() === name);
    const dial = makeDial(key, [...values], list || entry?.multivalued === true, entry?.values[0]);
    if (dial) found.push(dial);
  }
  return found.slice(0, MOST_DIALS);
}

/**
 * @param {string} key
 * @param {string[]} all
 * @param {boolean} list
 * @param {string | undefined} current
 * @returns {Dial | undefined}
 */
function makeDial(key, all, list, current) {
  const values = all.filter((value) => !value.includes('${'));
  if (values.length > 0 && values.every((value) => TIME.test(value) && !Number.isNaN(Date.parse(value)))) {
    const instants = [...new Set(values.map((value) => Date.parse(value)))].sort((a, b) => a - b);
    return { key, kind: 'time', instants, choices: [] };
  }
  const choices = chosen(key, values, current);
  if (!choices) return undefined;
  const made = choices.slice(0, MOST_CHOICES).map(({ label, value }) => ({ label, value: list && value !== null ? [String(value)] : value }));
  return { key, kind: 'choice', instants: [], choices: [...made, { label: 'absent', value: null }] };
}

/** @param {string} key @param {string[]} values @param {string | undefined} current @returns {Choice[] | undefined} */
function chosen(key, values, current) {
  const plain = (/** @type {string} */ value) => ({ label: value, value });
  const withCurrent = (/** @type {string[]} */ found) =>
    [...new Set(current !== undefined && current.length < 60 ? [...found, current] : found)].map(plain);
  if (values.length === 0) return [{ label: 'present', value: current ?? 'some-value' }];
  if (values.every((value) => /^(?:true|false)$/i.test(value))) return ['true', 'false'].map(plain);
  if (values.every((value) => ADDRESS.test(value))) {
    const inside = values.map((value) => ({ label: `in ${value}`, value: addressIn(value) }));
    const known = current !== undefined && !inside.some(({ value }) => value === current) ? [plain(current)] : [];
    const outside = ELSEWHERE.filter((_, index) => values.some((value) => value.includes(':') === (index === 1)));
    return [...inside, ...known, ...outside.map((value) => ({ label: `elsewhere: ${value}`, value }))];
  }
  if (values.every((value) => NUMBER.test(value))) {
    const numbers = values.flatMap((value) => [Number(value) - 1, Number(value), Number(value) + 1]);
    return withCurrent([...new Set(numbers)].sort((a, b) => a - b).map(String));
  }
  // A whole ARN is chosen in the request's own fields.
  if (values.some((value) => value.startsWith('arn:'))) return undefined;
  const literal = values.filter((value) => !/[*?]/.test(value));
  if (/region$/i.test(key)) return withCurrent([...literal, ...REGIONS]);
  return [...withCurrent(literal), { label: 'something else', value: 'something-else' }];
}

/** An address in a range: the first that a host may have. @param {string} range */
function addressIn(range) {
  const [address = '', bits] = range.split('/');
  if (bits === undefined || address.includes(':')) return address;
  const parts = address.split('.').map(Number);
  if (Number(bits) < 31 && parts[3] === 0) parts[3] = 1;
  return parts.join('.');
}

/**
 * The stretch of time to show: some way before the first instant and behind the last.
 * @param {number[]} instants  not empty
 * @param {number | undefined} current
 */
export function stretch(instants, current) {
  const first = instants[0] ?? 0;
  const last = instants.at(-1) ?? first;
  const day = 86_400_000;
  const room = Math.max((last - first) * 0.25, last === first ? 7 * day : day / 24);
  const from = first - room;
  const to = last + room;
  // The moment at hand is shown too, if it does not push everything else together.
  if (current === undefined || current < from - 3 * (to - from) || current > to + 3 * (to - from)) return { from, to };
  return { from: Math.min(from, current), to: Math.max(to, current) };
}
