// The second region, first part: who asks for what on which resource.
// @ts-check

import { createContext } from './context.js';
import { activeIn, byId, fit, freshId, h, isLocked } from './dom.js';
import { icon } from './icons.js';
import { prose, sentence } from './markdown.js';
import { changeRequest, isObject, same } from './scenario.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').PageState} PageState
 * @typedef {import('./types.d.ts').ReportDiagnostic} ReportDiagnostic
 * @typedef {import('./types.d.ts').RequestFields} RequestFields
 * @typedef {import('./store.js').Store} Store
 * @typedef {'principal' | 'action' | 'resource' | 'resourceAccount'} FieldName
 */

/** @type {{ name: FieldName, label: string, hint: string, placeholder: string, testid: string }[]} */
const FIELDS = [
  {
    name: 'principal',
    label: 'Principal',
    hint: 'An ARN, an account id, * for anyone, or an object such as {"Service": "ec2.amazonaws.com"}',
    placeholder: 'arn:aws:iam::111122223333:user/alice',
    testid: 'principal',
  },
  {
    name: 'action',
    label: 'Action',
    hint: 'One action, as service:Action',
    placeholder: 's3:GetObject',
    testid: 'action',
  },
  {
    name: 'resource',
    label: 'Resource',
    hint: 'The ARN of what is asked for, or *',
    placeholder: 'arn:aws:s3:::my-app-uploads/report.csv',
    testid: 'resource',
  },
  {
    name: 'resourceAccount',
    label: 'Resource’s account',
    hint: 'Only where the ARN does not name it and it is not the principal’s',
    placeholder: 'from the ARN, else the principal’s',
    testid: 'resource-account',
  },
];

/**
 * @param {Store} store
 * @param {import('./dom.js').Root} [root]  where the region's elements are
 */
export function createRequest(store, root = document) {
  /** Keys that the engine filled in last time. @type {ReadonlySet<string>} */
  let derived = new Set();

  /** @param {RequestFields} next */
  const commit = (next) => store.set(changeRequest(store.state, next, derived), 'request');

  /** @type {{ update: () => void } | undefined} */
  let shownHelp;
  const fields = FIELDS.map((info) => createField(info, store, commit, () => shownHelp?.update()));
  byId('request-fields', root).replaceChildren(...fields.map((field) => field.element));
  const context = createContext(store, commit, root);

  store.subscribe((state, change) => {
    if (change === 'request' || change === 'load') for (const field of fields) field.update(state);
  });
  for (const field of fields) field.update(store.state);

  // An embed shows one scenario; what AWS said is looked into on the page.
  if (root === document) setUpPaste(store, commit, fields);

  let helped = false;
  async function help() {
    const [action, resource] = /** @type {const} */ (['action', 'resource']).map((name) => fields.find((field) => field.name === name));
    if (!action || !resource) return;
    try {
      const { showRequestHelp } = await import('./request-help.js');
      shownHelp = showRequestHelp(store, { about: action.extra, forms: resource.extra, resource: resource.input, put: resource.put, root });
    } catch (error) {
      helped = false;
      console.info(`help with the request is missing: ${error instanceof Error ? error.message : error}`);
    }
  }

  return {
    context,
    commit,
    /** Puts the cursor into the field that a finding's path names. @param {string | undefined} path @returns {boolean} whether there is one */
    focusField(path) {
      const field = fields.find(({ name }) => isAt(name, path));
      field?.input.focus();
      return field !== undefined;
    },
    /** @param {Answer} answer */
    show(answer) {
      derived = new Set(answer.report.context.filter((entry) => entry.source === 'derived').map((entry) => entry.key));
      for (const field of fields) field.show(answer.report.diagnostics);
      context.show(answer);
      // The first decision does not wait for what is known beside it.
      if (helped) return;
      helped = true;
      // In an embed it waits for the reader: not every page of documentation is to fetch AWS's data, and nothing is to move.
      if (root === document) setTimeout(() => void help(), 400);
      else if (!isLocked(root)) byId('request', root).addEventListener('focusin', () => void help(), { once: true });
    },
  };
}

/**
 * The button that reads what AWS said; pasted into a field, such a text is not a principal or an action either.
 * @param {Store} store
 * @param {(next: RequestFields) => void} commit
 * @param {ReturnType<typeof createField>[]} fields
 */
function setUpPaste(store, commit, fields) {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'button small',
      title: 'Paste an AccessDenied message or a CloudTrail event',
      data: { testid: 'paste' },
      onclick: async () => {
        const { openPaste } = await import('./paste.js');
        openPaste({ store, commit, back: button });
      },
    },
    'Paste what AWS said',
  );
  byId('request').querySelector('.region-header')?.append(h('div', { class: 'region-tools' }, button));

  for (const { name, input } of fields) {
    if (name !== 'principal' && name !== 'action') continue;
    input.addEventListener('paste', (event) => {
      const text = /** @type {ClipboardEvent} */ (event).clipboardData?.getData('text/plain') ?? '';
      // Neither of the two has words; a principal may be a short object.
      if (!/\S\s+\S/.test(text) || text.length < 40) return;
      event.preventDefault();
      void (async () => {
        const { openPaste, recognise } = await import('./paste.js');
        if (await recognise(text, store)) {
          openPaste({ store, commit, back: button, text });
          return;
        }
        input.setRangeText(text, input.selectionStart ?? 0, input.selectionEnd ?? 0, 'end');
        input.dispatchEvent(new Event('input'));
      })();
    });
  }
}

/**
 * @param {typeof FIELDS[number]} info
 * @param {Store} store
 * @param {(next: RequestFields) => void} commit
 * @param {() => void} onDescribed  called once it is known what the actions do
 */
function createField(info, store, commit, onDescribed) {
  const id = freshId(info.name);
  const hintId = freshId('hint');
  // An action is short and chosen from a list; the others may wrap.
  const input = h(info.name === 'action' ? 'input' : 'textarea', {
    id,
    ...(info.name !== 'action' && { rows: '1' }),
    class: 'code-input',
    placeholder: info.placeholder,
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    autocorrect: 'off',
    title: info.hint,
    'aria-describedby': hintId,
    data: { testid: info.testid },
    // The fields hold one line that may wrap on the screen.
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter') event.preventDefault();
    },
    oninput: () => {
      if (/[\r\n]/.test(input.value)) input.value = input.value.replace(/\s*[\r\n]+\s*/g, '');
      fit(input);
      put(input.value);
    },
    onfocus: info.name === 'action' ? assist : undefined,
  });
  const put = (/** @type {string} */ value) => {
    // Proposals are put in as well; not where the field is only to be read.
    if (!input.readOnly) commit(withField(store.state.request, info.name, value));
  };
  let assisted = false;
  async function assist() {
    if (assisted || !(input instanceof HTMLInputElement)) return;
    assisted = true;
    const before = input.value;
    try {
      const { assistAction } = await import('./request-help.js');
      const combobox = assistAction(input, store, put, onDescribed);
      // Who types at once typed before there was a list to open.
      if (input.value !== before) void combobox.open();
    } catch (error) {
      assisted = false;
      console.info(`the list of actions is missing: ${error instanceof Error ? error.message : error}`);
    }
  }

  const message = h('div', { class: 'field-message', id: hintId, 'aria-live': 'polite' });
  // What stands below the field beside findings.
  const extra = h('div', { class: 'field-extra', hidden: true });
  const element = h('div', { class: 'field' }, h('label', { for: id }, info.label), input, message, extra);
  let shown = '';

  return {
    name: info.name,
    element,
    input,
    extra,
    put,
    /** @param {PageState} state */
    update(state) {
      const value = state.request[info.name];
      // What is being typed stays as it is typed, if it means the same.
      if (activeIn(input) === input && same(withField({}, info.name, input.value)[info.name], value)) return;
      input.value = fieldText(value);
      fit(input);
    },
    /** @param {ReportDiagnostic[]} diagnostics */
    show(diagnostics) {
      const own = diagnostics.filter((diagnostic) => isAt(info.name, diagnostic.path));
      const now = JSON.stringify(own);
      if (now === shown) return;
      shown = now;
      const bad = own.some((diagnostic) => diagnostic.severity === 'error');
      input.toggleAttribute('aria-invalid', bad);
      if (bad) input.setAttribute('aria-invalid', 'true');
      message.replaceChildren(
        ...own.map((diagnostic) =>
          // Nothing was written yet: what to write says more than that it is missing.
          diagnostic.code === 'missing-field' && diagnostic.help
            ? h('p', { class: 'inline-finding finding-advice' }, sentence(h('span', null), diagnostic.help))
            : h(
                'p',
                { class: `inline-finding finding-${diagnostic.severity}` },
                icon(diagnostic.severity, diagnostic.severity),
                h('span', null, prose(diagnostic.message), diagnostic.help && h('span', { class: 'finding-advice' }, ' ', prose(diagnostic.help))),
              ),
        ),
      );
    },
  };
}

/** Whether a finding is about this field or something in it. @param {FieldName} name @param {string | undefined} path */
function isAt(name, path) {
  const own = `/request/${name}`;
  return path === own || path?.startsWith(`${own}/`) === true;
}

/** @param {unknown} value */
function fieldText(value) {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The request with one field typed anew: a principal in braces is the policy language's own object.
 * @param {RequestFields} request
 * @param {FieldName} name
 * @param {string} typed
 * @returns {RequestFields}
 */
function withField(request, name, typed) {
  const next = { ...request };
  const text = typed.trim();
  if (text === '') {
    delete next[name];
  } else if (name === 'principal' && text.startsWith('{')) {
    next.principal = parseObject(text) ?? text;
  } else {
    next[name] = text;
  }
  return next;
}

/** @param {string} text @returns {Record<string, unknown> | undefined} */
function parseObject(text) {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
