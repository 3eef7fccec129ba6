// `predict`: the reader says what the answer will be before it is shown.
// @ts-check

import { h } from '../dom.js';
import { icon } from '../icons.js';
import { DECISIONS } from '../kinds.js';

const CHOICES = /** @type {const} */ (['allowed', 'implicitDeny', 'explicitDeny']);

/** @typedef {typeof CHOICES[number]} Guess */

/** @param {(guess: Guess) => void} onGuess */
export function createPrediction(onGuess) {
  const result = h('p', { class: 'predict-result', role: 'status', hidden: true });
  const buttons = h(
    'div',
    { class: 'predict-choices', role: 'group', 'aria-label': 'What will the answer be?' },
    CHOICES.map((guess) => {
      const { short, hint, icon: name } = DECISIONS[guess];
      return h(
        'button',
        {
          type: 'button',
          class: 'button predict-choice',
          title: hint,
          data: { guess },
          onclick: () => onGuess(guess),
        },
        icon(name),
        short,
      );
    }),
  );
  const question = h('p', { class: 'predict-question' }, 'What will the answer be? Say it before you see it.');
  const element = h('div', { class: 'predict', part: 'predict', data: { testid: 'predict' } }, question, buttons, result);
  return {
    element,
    ask() {
      element.dataset.state = 'asking';
      question.hidden = false;
      buttons.hidden = false;
      result.hidden = true;
    },
    /** @param {Guess} guess @param {string | null} decision */
    tell(guess, decision) {
      const right = guess === decision;
      element.dataset.state = right ? 'right' : 'wrong';
      question.hidden = true;
      buttons.hidden = true;
      result.hidden = false;
      const said = DECISIONS[guess].short;
      const is = DECISIONS[/** @type {keyof typeof DECISIONS} */ (decision ?? 'none')].short;
      result.replaceChildren(
        icon(right ? 'check' : 'cross'),
        right ? `You said “${said}”, and so it is.` : `You said “${said}”. It is “${is}”.`,
      );
    },
  };
}
