// What a lesson shows beside the regions: goal, text, what has to hold, hints, and the ways on.
// @ts-check

import { activeIn, freshId, h, replace } from '../dom.js';
import { icon } from '../icons.js';
import { DECISIONS, decisionInfo } from '../kinds.js';
import { inline, sentence } from '../markdown.js';
import { KINDS, changesPolicies } from './course.js';
import { lessonProse, words } from './prose.js';
import { createReading } from './reading.js';
import { createRows } from './rows.js';
import { createSearch } from './search.js';

/**
 * @typedef {import('../types.d.ts').DecisionName} DecisionName
 * @typedef {import('../types.d.ts').RequestFields} RequestFields
 * @typedef {import('./course.js').Course} Course
 * @typedef {import('./course.js').Judgement} Judgement
 * @typedef {import('./course.js').Lesson} Lesson
 * @typedef {import('./course.js').Surplus} Surplus
 *
 * @typedef {object} PanelEvents
 * @property {import('./prose.js').LinkTo} linkTo
 * @property {(() => void) | undefined} contents
 * @property {(() => void) | undefined} leave
 * @property {(id: string) => void} open
 * @property {(request: RequestFields, name: string) => void} loadRequest
 * @property {(answer: string) => void} predict
 * @property {(row: string, answer: string) => void} guess
 * @property {() => void} again
 * @property {() => void} hint
 * @property {() => void} solve
 * @property {() => void} reset
 * @property {(side: number) => void} side
 * @property {() => void} retry
 *
 * @typedef {object} Standing  what is known beside the judgement
 * @property {RequestFields} request  the one on screen
 * @property {Record<string, string>} guesses
 * @property {boolean} predicting
 * @property {boolean} solved
 * @property {boolean} done
 * @property {number} side
 * @property {Lesson[]} left  the lessons that are still to be done
 */

/** The answers that can be guessed. */
export const GUESSES = /** @type {const} */ (['allowed', 'implicitDeny', 'explicitDeny']);

/**
 * @param {Lesson} lesson
 * @param {Course} course
 * @param {PanelEvents} events
 */
export function createPanel(lesson, course, events) {
  const titleId = freshId('lesson-title');
  const topic = course.topics.find(({ id }) => id === lesson.topic);
  const siblings = course.lessons.filter((other) => other.topic === lesson.topic);
  const next = course.lessons[course.lessons.findIndex(({ id }) => id === lesson.id) + 1];

  const title = h('h2', { id: titleId, tabindex: '-1' }, lesson.title);
  /** What the status line says. @type {string | undefined} */
  let told;
  const status = h('p', { class: 'lesson-status', role: 'status', data: { testid: 'lesson-status' } }, 'Loading …');
  // The same once more, for where the status itself is out of sight.
  const bar = h('button', { type: 'button', class: 'lesson-bar', hidden: true, data: { testid: 'lesson-bar' }, onclick: () => showStanding() });
  const seen = new IntersectionObserver(([entry]) => (bar.hidden = entry?.isIntersecting !== false));
  seen.observe(status);
  const trouble = h('div', { class: 'lesson-trouble', hidden: true, data: { testid: 'lesson-trouble' } });

  // What has to hold, in the form that the kind of the lesson needs.
  const parts =
    lesson.kind === 'read'
      ? [createReading(lesson, events)]
      : lesson.find
        ? [createSearch(lesson, events), ...(lesson.rows.length > 0 ? [createRows(lesson, events)] : [])]
        : [createRows(lesson, events)];

  // ---- Predict first ------------------------------------------------------------------------------------------

  const question = h('p', { class: 'lesson-question', tabindex: '-1' }, 'Before you see it: what will the answer to this request be?');
  const choices = h(
    'div',
    { class: 'lesson-guesses', role: 'group', 'aria-label': 'What will the answer be?' },
    GUESSES.map((answer) =>
      h(
        'button',
        { type: 'button', class: 'button', title: DECISIONS[answer].hint, data: { guess: answer }, onclick: () => events.predict(answer) },
        icon(DECISIONS[answer].icon),
        DECISIONS[answer].short,
      ),
    ),
  );
  const predicted = h('div', { role: 'status', class: 'lesson-predicted' });
  const prediction = h('div', { class: 'lesson-predict', hidden: true, data: { testid: 'lesson-predict' } }, question, choices, predicted);

  // ---- Hints, solution, ways on -------------------------------------------------------------------------------

  const hintList = h('ol', { class: 'lesson-hint-list', 'aria-live': 'polite' });
  const hintButton = h('button', { type: 'button', class: 'button', data: { testid: 'lesson-hint' }, onclick: events.hint });
  const hints = h('div', { class: 'lesson-hints' }, hintList);
  const solveButton = h('button', { type: 'button', class: 'button', data: { testid: 'lesson-solve' }, onclick: events.solve });
  const resetButton = h(
    'button',
    { type: 'button', class: 'button', data: { testid: 'lesson-reset' }, onclick: lesson.kind === 'read' ? events.again : events.reset },
    icon('undo'),
    lesson.kind === 'read' ? 'Guess again' : 'Start over',
  );
  const nextButton = next && h('button', { type: 'button', class: 'button', data: { testid: 'lesson-next' }, onclick: () => events.open(next.id) }, 'Next: ', next.title);
  // The same beside the status, which stays in sight.
  const onward =
    next &&
    h(
      'button',
      {
        type: 'button',
        class: 'button primary',
        hidden: true,
        'aria-label': `Next: ${next.title}`,
        title: next.title,
        data: { testid: 'lesson-onward-here' },
        onclick: () => events.open(next.id),
      },
      'Next',
    );
  // Where there is no next lesson.
  const end = h('div', { class: 'lesson-end', hidden: true, data: { testid: 'lesson-end' } });
  const after = h('div', { class: 'lesson-after', hidden: true, data: { testid: 'lesson-after' } });

  const element = h(
    'section',
    { class: 'lesson', 'aria-labelledby': titleId, data: { testid: 'lesson', lesson: lesson.id } },
    h(
      'div',
      { class: 'lesson-header' },
      h(
        'p',
        { class: 'lesson-where' },
        [topic?.title, lesson.challenge ? 'challenge' : `${siblings.findIndex(({ id }) => id === lesson.id) + 1} of ${siblings.length}`, KINDS[lesson.kind], `${lesson.minutes} min`]
          .filter((part) => part !== undefined)
          .join(' · '),
      ),
      h(
        'div',
        { class: 'lesson-tools' },
        events.contents && iconButton('list', 'All lessons', 'lesson-all', events.contents),
        events.leave && iconButton('cross', 'Leave the lesson', 'lesson-leave', events.leave),
      ),
      title,
    ),
    h('p', { class: 'lesson-goal', data: { testid: 'lesson-goal' } }, h('strong', null, 'Goal '), words(lesson.goal, events.linkTo)),
    h('div', { class: 'prose lesson-text' }, lessonProse(lesson.text, events.linkTo)),
    prediction,
    h('div', { class: 'lesson-standing' }, h('div', { class: 'lesson-standing-line' }, status, onward), trouble),
    ...parts.map((part) => part.element),
    after,
    end,
    hints,
    h('div', { class: 'row-actions lesson-actions' }, hintButton, lesson.solution && solveButton, resetButton, nextButton),
    footer(),
  );
  showSolved(false);

  function footer() {
    const others = lesson.links.flatMap((id) => course.lessons.filter((other) => other.id === id));
    return h(
      'div',
      { class: 'lesson-footer' },
      others.length > 0 && h('p', null, 'See also: ', ...others.flatMap((other, at) => [at > 0 && ', ', events.linkTo(other.id, other.title)])),
      h(
        'p',
        null,
        'In AWS’s words:',
      ),
      h(
        'ul',
        null,
        lesson.aws.map((page) => h('li', null, h('a', { href: page, rel: 'noopener noreferrer', target: '_blank' }, course.pages[page] ?? page))),
      ),
      h('p', null, 'About: ', lesson.concepts.map((id) => course.concepts[id] ?? id).join(', ')),
    );
  }

  /** @param {boolean} solved */
  function showSolved(solved) {
    solveButton.replaceChildren(solved ? 'Back to my answer' : 'Show a solution');
    solveButton.setAttribute('aria-pressed', String(solved));
  }

  /** @param {number} number */
  function showHints(number) {
    // Only what is new is added, and read out.
    while (hintList.childElementCount > number) hintList.lastElementChild?.remove();
    const fresh = lesson.hints.slice(hintList.childElementCount, number);
    hints.hidden = number === 0;
    hintList.append(...fresh.map((hint) => h('li', { tabindex: '-1' }, lessonProse(hint, events.linkTo))));
    const left = lesson.hints.length - number;
    const hadFocus = activeIn(hintButton) === hintButton;
    hintButton.hidden = left === 0;
    if (hadFocus && left === 0 && hintList.lastElementChild instanceof HTMLElement) hintList.lastElementChild.focus();
    hintButton.replaceChildren(`Hint ${number + 1} of ${lesson.hints.length}`);
  }

  function showStanding() {
    status.scrollIntoView({ block: 'start' });
    status.tabIndex = -1;
    status.focus({ preventScroll: true });
  }

  return {
    element,
    bar,
    focus: () => title.focus(),
    focusQuestion() {
      const place = prediction.hidden ? (element.querySelector('.lesson-reading') ?? title) : question;
      if (!(place instanceof HTMLElement)) return;
      place.scrollIntoView({ block: 'center' });
      place.focus({ preventScroll: true });
    },
    showHints,
    showSolved,
    /** @param {boolean} asking */
    showPrediction(asking) {
      prediction.hidden = !asking;
    },
    /** @param {string | undefined} guess @param {DecisionName | null} decision @param {string} reason */
    tellPrediction(guess, decision, reason) {
      if (guess === undefined) {
        prediction.hidden = true;
        return;
      }
      const right = guess === decision;
      const hadFocus = choices.contains(activeIn(choices));
      choices.hidden = true;
      question.hidden = true;
      prediction.dataset.right = String(right);
      predicted.replaceChildren(
        h(
          'p',
          { tabindex: '-1' },
          icon(right ? 'check' : 'cross'),
          right
            ? ` You said “${decisionInfo(decision).short}”, and so it is: `
            : ` You said “${decisionInfo(/** @type {DecisionName} */ (guess)).short}”. It is “${decisionInfo(decision).short}”: `,
          sentence(h('span'), reason),
        ),
      );
      if (hadFocus && predicted.firstElementChild instanceof HTMLElement) predicted.firstElementChild.focus();
    },
    /** @param {string} message */
    trouble(message) {
      status.replaceChildren('This could not be checked.');
      told = undefined;
      status.dataset.state = 'trouble';
      trouble.hidden = false;
      trouble.replaceChildren(
        h('p', null, `The engine says: ${message}.`),
        h('button', { type: 'button', class: 'button', onclick: events.retry }, 'Try again'),
      );
    },
    /** @param {Judgement} judgement @param {Standing} standing */
    show(judgement, standing) {
      element.dataset.done = String(standing.done && !standing.solved && !standing.predicting);
      showStatus(judgement, standing);
      trouble.hidden = judgement.problem === undefined || standing.predicting;
      if (judgement.problem) {
        const { help, line, policy } = judgement.problem;
        trouble.replaceChildren(
          sentence(h('p'), help ?? 'go on writing: the rows wait for a text that can be read'),
          ...(line !== undefined && policy !== undefined ? [h('p', { class: 'hint' }, `${policy}, line ${line}`)] : []),
        );
      }
      for (const part of parts) part.show(judgement, standing);
      showAfter(judgement, standing);
      showEnd(standing);
      const goOn = standing.done && !standing.solved && !standing.predicting;
      nextButton?.classList.toggle('primary', goOn);
      if (onward) onward.hidden = !goOn;
    },
    /** @param {Surplus | undefined} surplus */
    showSurplus(surplus) {
      after.querySelector('.lesson-surplus')?.remove();
      if (!surplus) return;
      after.append(
        h(
          'div',
          { class: 'lesson-surplus', data: { testid: 'lesson-surplus', count: surplus.count } },
          sentence(h('p'), `${surplus.message}.`),
          surplus.count > 0 &&
            h(
              'details',
              null,
              h('summary', null, 'What it allows besides'),
              h(
                'ul',
                null,
                surplus.actions.map(({ action, resource, level }) =>
                  h('li', null, h('code', null, action), ' on ', h('code', null, resource), ` (${level.toLowerCase()})`),
                ),
              ),
            ),
        ),
      );
    },
  };

  /** @param {Judgement} judgement @param {Standing} standing */
  function showStatus(judgement, standing) {
    const [state, message] = standing.predicting
      ? ['open', 'Guess first, then begin.']
      : standing.solved
        ? ['open', 'This is a solution. Your own answer is kept.']
        : standing.done
          ? ['done', lesson.kind === 'read' ? score(standing) : 'Done!']
          : [judgement.problem ? 'trouble' : 'open', judgement.message];
    for (const place of [status, bar]) {
      place.dataset.state = state;
      // What has not changed is not read out again.
      if (told === message) continue;
      place.replaceChildren(state === 'done' ? icon('check') : '', sentence(h('span'), message ?? ''));
    }
    told = message;
  }

  /** @param {Standing} standing */
  function score({ guesses }) {
    const right = lesson.rows.filter((row) => guesses[row.name] === row.expect).length;
    return `Done: ${right} of ${lesson.rows.length} guessed right.`;
  }

  /** What there is to do after the last lesson. @param {Standing} standing */
  function showEnd({ done, solved, predicting, left }) {
    end.hidden = next !== undefined || !done || solved || predicting;
    if (end.hidden) return;
    const [first] = left;
    replace(
      end,
      h('p', null, h('strong', null, left.length === 0 ? `That was the last of ${course.lessons.length} lessons: you have done them all.` : 'That was the last lesson.')),
      first
        ? h('p', null, left.length === 1 ? 'One is still open: ' : `${left.length} are still open, the first of them: `, events.linkTo(first.id, first.title), '.')
        : h('p', null, inline('Now bring a policy of your own, or an `AccessDenied` message: everything that you met here works on the page as well.')),
    );
  }

  /** @param {Judgement} judgement @param {Standing} standing */
  function showAfter(judgement, standing) {
    const passed = standing.done && !standing.predicting;
    after.hidden = !passed || !changesPolicies(lesson);
    if (after.hidden) {
      after.replaceChildren();
      return;
    }
    const surplus = standing.solved ? null : after.querySelector('.lesson-surplus');
    const { parStatements, parCharacters } = lesson;
    const par = [
      parStatements !== undefined && `${parStatements} ${parStatements === 1 ? 'statement' : 'statements'}`,
      parCharacters !== undefined && `${parCharacters} characters`,
    ].filter((part) => part !== false);
    after.replaceChildren(
      h(
        'p',
        { class: 'lesson-size', data: { testid: 'lesson-size' } },
        `${standing.solved ? 'The solution' : 'Your answer'}: ${judgement.statements} ${judgement.statements === 1 ? 'statement' : 'statements'}, ${judgement.characters} characters${par.length > 0 ? `; par is ${par.join(', ')}` : ''}.`,
      ),
      ...(surplus ? [surplus] : []),
    );
  }
}

/** @param {import('../icons.js').IconName} name @param {string} label @param {string} testid @param {() => void} run */
function iconButton(name, label, testid, run) {
  return h('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, data: { testid }, onclick: run }, icon(name));
}
