// "Copy as": the scenario as something to paste elsewhere. Each form is text; nothing of it is run here.
// Imported when the menu is opened for the first time.
// @ts-check

import { h } from './dom.js';
import { decisionInfo, kindInfo } from './kinds.js';
import { toScenario } from './scenario.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').Report} Report
 *
 * @typedef {object} Form
 * @property {string} id
 * @property {string} label
 * @property {string} what  how the toast calls it
 * @property {(answer: Answer, link: string) => string} make
 */

/** @type {Form[]} */
export const FORMS = [
  { id: 'link', label: 'Link', what: 'the link', make: (_, link) => link },
  { id: 'markdown', label: 'Markdown', what: 'the scenario as Markdown', make: asMarkdown },
  { id: 'cli', label: 'AWS CLI command', what: 'the command', make: asCommand },
  { id: 'embed', label: 'Embed snippet', what: 'the embed snippet', make: (answer) => asEmbed(answer) },
];

/**
 * A menu of the forms below a button.
 * @param {HTMLElement} button
 * @param {(form: Form) => void} choose
 */
export function createCopyMenu(button, choose) {
  const menu = h(
    'div',
    { class: 'menu', id: 'copy-menu', role: 'menu', 'aria-label': 'Copy as', data: { testid: 'copy-menu' }, popover: 'auto' },
    ...FORMS.map((form) =>
      h(
        'button',
        {
          type: 'button',
          role: 'menuitem',
          tabindex: '-1',
          class: 'menu-item',
          data: { form: form.id },
          onclick: () => {
            menu.hidePopover();
            button.focus();
            choose(form);
          },
        },
        form.label,
      ),
    ),
  );
  const items = () => /** @type {HTMLElement[]} */ ([...menu.children]);
  menu.addEventListener('keydown', (event) => {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === 'Tab') menu.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  });
  menu.addEventListener('toggle', (event) => {
    button.setAttribute('aria-expanded', String(/** @type {ToggleEvent} */ (event).newState === 'open'));
  });
  button.after(menu);
  button.setAttribute('aria-controls', menu.id);
  return {
    open() {
      menu.showPopover();
      const box = button.getBoundingClientRect();
      menu.style.top = `${box.bottom + 4}px`;
      menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8))}px`;
      items()[0]?.focus();
    },
  };
}

/** @param {Answer} answer @param {string} link */
function asMarkdown({ report, state }, link) {
  const { request } = state;
  const principal = typeof request.principal === 'string' ? request.principal : JSON.stringify(request.principal ?? '');
  const lines = [
    `## ${state.title || 'An IAM scenario'}`,
    ...(state.description ? ['', state.description] : []),
    '',
    `**${decisionInfo(report.decision).short}**: ${report.reason.message}.`,
    ...(report.errorMessage ? ['', `> ${report.errorMessage}`] : []),
    '',
    '| | |',
    '| --- | --- |',
    `| principal | ${cell(principal)} |`,
    `| action | ${cell(request.action ?? '')} |`,
    `| resource | ${cell(request.resource ?? '')} |`,
    ...Object.entries(request.context ?? {}).map(
      ([key, value]) => `| \`${key}\` | ${value === null ? 'absent' : cell([value].flat().join(', '))} |`,
    ),
  ];
  for (const policy of scenarioPolicies({ report, state })) {
    const fence = '`'.repeat(Math.max(3, ...[...policy.text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
    const more = [policy.via && `via ${policy.via}`, policy.target && `on ${policy.target}`].filter(Boolean).join(', ');
    lines.push('', `${upperFirst(kindInfo(policy.kind).one)} **${policy.name}**${more ? ` (${more})` : ''}:`, '', `${fence}json`, policy.text, fence);
  }
  lines.push('', `[Open it in the IAM Playground](${link})`, '');
  return lines.join('\n');
}

/** A value as a cell of a table. @param {string} text */
function cell(text) {
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|').replaceAll('`', "'")}\``;
}

/** @param {string} text */
const upperFirst = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * The policies with the documents that were decided on: one that is attached by name has its text in the report.
 * @param {{ report: Report, state: Answer['state'] }} answer
 */
function scenarioPolicies({ report, state }) {
  return state.policies.map((policy, index) => {
    const known = report.policies.find((other) => other.policyIndex === index);
    return { ...policy, name: policy.name || known?.name || 'unnamed', text: policy.text || known?.text || '' };
  });
}

/** What `aws iam simulate-custom-policy` takes, by the kinds of policy; it knows no others. */
const OPTIONS = /** @type {const} */ ({
  identity: '--policy-input-list',
  permissionsBoundary: '--permissions-boundary-policy-input-list',
  resource: '--resource-policy',
});

/** @param {Answer} answer */
function asCommand(answer) {
  const { report, state } = answer;
  const { request } = state;
  /** @type {string[]} */
  const remarks = [];
  /** @type {string[]} */
  const parts = ['aws iam simulate-custom-policy'];
  const policies = scenarioPolicies(answer);
  for (const [kind, option] of Object.entries(OPTIONS)) {
    const own = policies.filter((policy) => policy.kind === kind && policy.text !== '');
    if (own.length > 0) parts.push(`${option} ${(kind === 'resource' ? own.slice(0, 1) : own).map((policy) => quoted(compact(policy.text))).join(' ')}`);
    else if (kind === 'identity') parts.push(`${option} ${quoted(compact('{"Version":"2012-10-17","Statement":[]}'))}`);
  }
  const without = policies.filter((policy) => !(policy.kind in OPTIONS) || policy.text === '');
  for (const { kind, name } of without) remarks.push(`# Left out, for the simulator does not take it: ${kindInfo(kind).one} ${name}`);
  parts.push(`--action-names ${quoted(request.action ?? '')}`, `--resource-arns ${quoted(request.resource ?? '*')}`);
  const principal = typeof request.principal === 'string' ? request.principal : '';
  if (/:user\//.test(principal)) parts.push(`--caller-arn ${quoted(principal)}`);
  else remarks.push('# The simulator takes the ARN of a user as its caller, and no other: --caller-arn is left out.');
  if (request.resourceAccount) parts.push(`--resource-owner ${quoted(`arn:aws:iam::${request.resourceAccount}:root`)}`);
  const entries = contextEntries(report, policies.map((policy) => policy.text).join('\n'), request.context ?? {});
  if (entries.length > 0) parts.push(`--context-entries ${quoted(JSON.stringify(entries))}`);
  return `${[...remarks.map((remark) => remark.replaceAll(/[\r\n]+/g, ' ')), parts.join(' \\\n  ')].join('\n')}\n`;
}

/** The type that the simulator is told for a key, by the operators that compare it. */
const TYPES = /** @type {const} */ ([
  [/^Numeric/i, 'numeric'],
  [/^Date/i, 'date'],
  [/^Bool/i, 'boolean'],
  [/^(?:Not)?IpAddress/i, 'ip'],
]);

/**
 * What the request has of the keys that were given or that the policies ask about.
 * @param {Report} report
 * @param {string} texts
 * @param {object} given
 */
function contextEntries(report, texts, given) {
  /** @type {Map<string, string>} */
  const operators = new Map();
  for (const policy of report.policies) {
    for (const element of policy.statements.flatMap((statement) => statement.elements)) {
      for (const condition of element.conditions ?? []) operators.set(condition.key.toLowerCase(), condition.operator.replace(/^ForA\w+:/i, ''));
    }
  }
  const names = new Set(Object.keys(given).map((key) => key.toLowerCase()));
  return report.context
    .filter(({ key }) => names.has(key.toLowerCase()) || operators.has(key.toLowerCase()) || texts.toLowerCase().includes(`\${${key.toLowerCase()}`))
    .map(({ key, values, multivalued }) => {
      const operator = operators.get(key.toLowerCase()) ?? '';
      const type = TYPES.find(([pattern]) => pattern.test(operator))?.[1] ?? 'string';
      return { ContextKeyName: key, ContextKeyValues: values, ContextKeyType: multivalued ? `${type}List` : type };
    });
}

/** A document on one line; one that is no JSON stays as it is. @param {string} text */
function compact(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** An argument as a POSIX shell takes it, whatever is in it. @param {string} text */
function quoted(text) {
  return /^[\w:/.@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** @param {Answer} answer */
function asEmbed({ state }) {
  const scenario = toScenario(state);
  const policies = scenario.policies.map((policy) => ({ ...policy, document: asObject(policy.document) }));
  // In HTML no text may end the script it stands in.
  const json = JSON.stringify({ ...scenario, policies }, null, 2).replaceAll('<', '\\u003c');
  const address = (/** @type {string} */ file) => {
    const { origin, pathname } = new URL(file, document.baseURI);
    return origin + pathname;
  };
  return [
    // Keeps the room free until the element is there.
    `<link rel="stylesheet" href="${address('iam-playground.css')}">`,
    `<script type="module" src="${address('iam-playground.js')}"></script>`,
    '<iam-playground>',
    '  <script type="application/json" slot="scenario">',
    json,
    '  </script>',
    '</iam-playground>',
    '',
  ].join('\n');
}

/** @param {unknown} document */
function asObject(document) {
  try {
    return JSON.parse(String(document));
  } catch {
    return document;
  }
}
