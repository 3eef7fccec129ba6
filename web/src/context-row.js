// One key of the request's context: a value, a list of values, or "absent".
// @ts-check

import { h } from './dom.js';
import { icon } from './icons.js';

/**
 * @typedef {import('./types.d.ts').ContextValue} ContextValue
 * @typedef {import('./types.d.ts').ContextScalar} ContextScalar
 */

/**
 * @param {string} key
 * @param {ContextValue} initial
 * @param {{ changed: () => void, remove: () => void, assist: (field: HTMLInputElement, put: (key: string, value: ContextValue) => void) => void }} events
 */
export function createContextRow(key, initial, events) {
  /** @type {ContextValue} */
  let value = initial;
  /** What the value was before it was made absent. @type {Exclude<ContextValue, null>} */
  let before = initial ?? '';

  let assisted = false;
  /** Takes a key that was chosen, with a value of its type. @param {string} chosen @param {ContextValue} first */
  function take(chosen, first) {
    keyField.value = chosen;
    // What is given already stays.
    if (value === '' || (Array.isArray(value) && value.length === 0)) set(first);
    else events.changed();
    label();
    // Of a family the rest of the name is still to be written.
    if (chosen.endsWith('/') || chosen.endsWith(':')) keyField.focus();
    else focusValue();
  }

  const keyField = h('input', {
    class: 'code-input context-key',
    value: key,
    'aria-label': 'Context key',
    placeholder: 'aws:SourceIp',
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    data: { testid: 'context-key' },
    oninput: () => {
      label();
      events.changed();
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter') focusValue();
    },
    onfocus: () => {
      if (assisted) return;
      assisted = true;
      events.assist(keyField, take);
    },
  });
  const listButton = toggle('list', 'A list of values', () => {
    if (value === null) return;
    set(Array.isArray(value) ? (value[0] ?? '') : value === '' ? [] : [value]);
    focusValue();
  });
  const absentButton = h(
    'button',
    {
      type: 'button',
      class: 'text-button absent-button',
      data: { testid: 'context-absent' },
      onclick: () => {
        if (value !== null) before = value;
        set(value === null ? before : null);
        absentButton.focus();
      },
    },
    'absent',
  );
  const removeButton = h(
    'button',
    { type: 'button', class: 'icon-button', onclick: events.remove, data: { testid: 'context-remove' } },
    icon('cross'),
  );
  const area = h('div', { class: 'context-value' });
  const duplicate = h('p', { class: 'inline-finding finding-warning', hidden: true }, 'This key is given above; this row does not count.');
  const element = h(
    'li',
    { class: 'context-row', data: { testid: 'context-row' } },
    h('div', { class: 'context-line' }, keyField, listButton, absentButton, removeButton),
    area,
    duplicate,
  );

  function label() {
    const name = keyField.value.trim() || 'the new key';
    element.dataset.key = name;
    removeButton.setAttribute('aria-label', `Remove ${name}`);
    listButton.setAttribute('aria-label', `${name} is a list of values`);
    absentButton.setAttribute('aria-label', `${name} is absent from the request`);
    area.querySelector('input')?.setAttribute('aria-label', valueLabel());
  }

  function valueLabel() {
    return `${Array.isArray(value) ? 'Add a value to' : 'Value of'} ${keyField.value.trim() || 'the new key'}`;
  }

  /** @param {ContextValue} next */
  function set(next) {
    value = next;
    render();
    events.changed();
  }

  function render() {
    listButton.setAttribute('aria-pressed', String(Array.isArray(value)));
    listButton.disabled = value === null;
    absentButton.setAttribute('aria-pressed', String(value === null));
    element.classList.toggle('is-absent', value === null);
    if (value === null) area.replaceChildren(h('span', { class: 'absent' }, 'not in the request'));
    else if (Array.isArray(value)) area.replaceChildren(...chips(value));
    else area.replaceChildren(...scalar(value));
    label();
  }

  /** @param {ContextScalar} current */
  function scalar(current) {
    const flip = h('input', {
      type: 'checkbox',
      role: 'switch',
      class: 'switch',
      onchange: () => {
        input.value = String(flip.checked);
        value = input.value;
        events.changed();
      },
    });
    const input = h('input', {
      class: 'code-input',
      value: String(current),
      spellcheck: 'false',
      autocomplete: 'off',
      autocapitalize: 'off',
      data: { testid: 'context-value' },
      oninput: () => {
        value = input.value;
        follow();
        events.changed();
      },
    });
    const follow = () => {
      const text = input.value.toLowerCase();
      flip.hidden = text !== 'true' && text !== 'false';
      flip.checked = text === 'true';
      flip.setAttribute('aria-label', `${keyField.value.trim() || 'the new key'} is true`);
    };
    follow();
    return [input, flip];
  }

  /** @param {ContextScalar[]} current */
  function chips(current) {
    const input = h('input', {
      class: 'code-input chip-input',
      placeholder: current.length === 0 ? 'no values; type one, then Enter' : 'another value',
      spellcheck: 'false',
      autocomplete: 'off',
      autocapitalize: 'off',
      data: { testid: 'context-value' },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === 'Enter' || event.key === ',') {
          event.preventDefault();
          take();
        } else if (event.key === 'Backspace' && input.value === '' && current.length > 0) {
          set(current.slice(0, -1));
          focusValue();
        }
      },
      // Leaving the field takes what stands in it, so that nothing typed is lost; the focus stays where it went.
      onblur: () => {
        if (input.value.trim() !== '' && input.isConnected) set([...current, input.value.trim()]);
      },
    });
    const take = () => {
      const text = input.value.trim();
      if (text === '') return;
      input.value = '';
      set([...current, text]);
      focusValue();
    };
    const items = current.map((item, at) =>
      h(
        'span',
        { class: 'chip' },
        h('span', { class: 'chip-text' }, String(item)),
        h(
          'button',
          {
            type: 'button',
            class: 'chip-remove',
            'aria-label': `Remove ${item}`,
            onclick: () => {
              set(current.filter((_, other) => other !== at));
              focusValue();
            },
          },
          icon('cross'),
        ),
      ),
    );
    return [h('div', { class: 'chips' }, ...items, input)];
  }

  function focusValue() {
    const field = area.querySelector('input');
    if (field) field.focus();
    else absentButton.focus();
  }

  render();
  return {
    element,
    read: () => ({ key: keyField.value.trim(), value }),
    focusValue,
    focusKeyField: () => keyField.focus(),
    setPresent() {
      if (value === null) set(before);
    },
    /** @param {boolean} is */
    markDuplicate(is) {
      duplicate.hidden = !is;
    },
  };
}

/** @typedef {ReturnType<typeof createContextRow>} ContextRow */

/** @param {import('./icons.js').IconName} name @param {string} title @param {() => void} onclick */
function toggle(name, title, onclick) {
  return h('button', { type: 'button', class: 'icon-button', title, data: { testid: 'context-list' }, onclick }, icon(name));
}
