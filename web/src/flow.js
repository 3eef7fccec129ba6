// The evaluation drawn: AWS's stages from top to bottom, the way this request took lit, and a slider to walk along it.
// With two accounts there are two columns. The list of stages beside it says the same in words.
// @ts-check

import { activeIn, h, replace } from './dom.js';
import { ICON, baseline, oneAccount, twoAccounts } from './flow-layout.js';
import { accountsOf, pathOf } from './flow-path.js';
import { icon } from './icons.js';
import { decisionInfo } from './kinds.js';
import { sentence } from './markdown.js';
import { createMemo } from './memo.js';
import { findStatements } from './places.js';
import { OUTCOMES, known, statementButton } from './steps.js';

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').Step} Step
 * @typedef {import('./flow-layout.js').Box} Box
 * @typedef {import('./flow-layout.js').Edge} Edge
 * @typedef {import('./flow-layout.js').Layout} Layout
 * @typedef {import('./spotlight.js').Spotlight} Spotlight
 *
 * @typedef {object} FlowEvents
 * @property {() => void} [onStep]  the reader went to another stage
 * @property {(stage: string, from: HTMLElement) => void} onGlossary  the reader asks what a stage is
 *
 * @typedef {{ element: SVGElement, box: Box, step: Step | undefined }} Part
 */

const SVG = 'http://www.w3.org/2000/svg';
const NARROWEST = 256;
const WIDEST = 620;
const GLOSSARY = 'What is this?';

/**
 * @param {HTMLElement} place  what the drawing is put into
 * @param {Spotlight} spotlight
 * @param {FlowEvents} events
 */
export function createFlow(place, spotlight, events) {
  /** @type {Answer | undefined} */
  let answer;
  /** The stage the reader walked to; undefined shows the whole way. @type {string | undefined} */
  let stage;
  /** The stage that is only looked at. @type {string | undefined} */
  let glance;
  let width = 0;
  /** One rem in pixels. */
  let rem = 16;
  let drawn = '';
  let coloured = '';
  const memo = createMemo();
  /** @type {Part[]} */
  let parts = [];
  /** @type {{ element: SVGElement, edge: Edge }[]} */
  let lines = [];

  const back = button('chevron', 'Back to the stage before', () => go(position() - 1));
  back.classList.add('flow-back');
  const forward = button('chevron', 'On to the next stage', () => go(position() + 1));
  const slider = h('input', {
    type: 'range',
    class: 'flow-slider',
    min: '0',
    step: '1',
    'aria-label': 'Stage of the evaluation',
    data: { testid: 'flow-slider' },
    oninput: () => go(Number(slider.value)),
  });
  const count = h('span', { class: 'flow-count', 'aria-hidden': 'true' });
  const card = h('div', { class: 'flow-card', data: { testid: 'flow-stage' } });
  // What could be told takes its room before it is told: the drawing below would move away under the pointer.
  const room = h('div', { class: 'flow-cards' }, card);
  const live = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  const drawing = svg('svg', { class: 'flow-drawing', role: 'group', 'aria-label': 'The way of the request through the stages' });
  // As wide as one rem: of the page, or of the embed, which has one of its own.
  const unit = h('span', { class: 'flow-unit', 'aria-hidden': 'true' });
  place.append(unit, h('div', { class: 'flow-controls' }, back, slider, forward, count), room, live, drawing);

  new ResizeObserver(([entry]) => {
    const wide = entry?.contentRect.width ?? 0;
    if (wide === 0) return;
    rem = unit.getBoundingClientRect().width || 16;
    width = Math.round(Math.max(NARROWEST, Math.min(WIDEST, (wide * 16) / rem)));
    render();
  }).observe(place);

  const steps = () => answer?.report.steps ?? [];

  /** Which stage the reader stands at, counted from 0; behind the last stage stands the result. */
  function position() {
    const index = steps().findIndex((step) => step.stage === stage);
    return index < 0 ? steps().length : index;
  }

  /** @param {number} to */
  function go(to) {
    const end = steps().length;
    const next = Math.max(0, Math.min(to, end));
    if (next === position() && (stage !== undefined || next === end)) return;
    stage = steps()[next]?.stage;
    glance = undefined;
    render();
    live.textContent = spoken(next);
    point(stage, isBeside(place));
    events.onStep?.();
  }

  /** @param {number} at */
  function spoken(at) {
    const step = steps()[at];
    if (step) return `${step.title}: ${OUTCOMES[step.outcome].words}. ${step.message}`;
    return answer ? `${decisionInfo(answer.report.decision).short}. ${answer.report.reason.message}` : '';
  }

  /** Marks the statements that matched at a stage. @param {string | undefined} at @param {boolean} scroll */
  function point(at, scroll) {
    const step = steps().find((other) => other.stage === at);
    const places = answer && step ? findStatements(step.statements, answer) : [];
    spotlight.pointing.send(places.length > 0 ? { places, go: scroll } : undefined);
  }

  /** @param {string | undefined} id */
  function look(id) {
    glance = id;
    point(id ?? stage, false);
    renderCard();
  }

  function render() {
    if (!answer || width === 0 || steps().length === 0) return;
    const accounts = accountsOf(answer.report);
    const shape = JSON.stringify([width, accounts, steps().map((step) => [step.stage, step.title])]);
    if (shape !== drawn) {
      drawn = shape;
      coloured = '';
      draw(accounts ? twoAccounts(width, steps(), accounts) : oneAccount(width, steps()));
    }
    colour(accounts !== undefined);
    renderControls();
    renderRoom();
    renderCard();
  }

  /** @param {Layout} layout */
  function draw(layout) {
    const focused = parts.find((part) => part.element === activeIn(drawing))?.box.id;
    drawing.setAttribute('viewBox', `0 0 ${layout.width} ${layout.height}`);
    drawing.style.width = `${(layout.width / 16) * rem}px`;
    drawing.replaceChildren();
    for (const column of layout.columns) {
      const { x, y, width: wide, height } = column;
      // Beside the line that comes down from the top.
      const middle = x + wide / 2 + (x < layout.width / 2 ? 12 : -12);
      drawing.append(
        svg('rect', { class: 'flow-column', x, y, width: wide, height, rx: 10 }),
        text(column.lines[0] ?? '', { class: 'flow-heading', x: middle, y: y + 18 }),
        text(column.lines[1] ?? '', { class: 'flow-account', x: middle, y: y + 34 }),
      );
    }
    lines = layout.edges.map((edge) => ({ edge, element: line(edge) }));
    drawing.append(...lines.map(({ element }) => element));
    parts = layout.boxes.map((box) => ({ box, step: undefined, element: node(box) }));
    drawing.append(...parts.map(({ element }) => element));
    parts.find((part) => part.box.id === focused)?.element.focus({ preventScroll: true });
  }

  /** @param {boolean} two */
  function colour(two) {
    if (!answer) return;
    const { report } = answer;
    const at = position();
    const look = JSON.stringify([at, report.decision, report.reason.code, report.steps.map((step) => [step.outcome, step.decisive])]);
    // The sentences are read from the answer at hand; what is drawn depends on no more than this.
    if (look === coloured) {
      for (const part of parts) part.step = report.steps.find((step) => step.stage === part.box.id);
      return;
    }
    coloured = look;
    const path = pathOf(report, two);
    drawing.dataset.decision = report.decision ?? 'none';
    for (const part of parts) {
      const { box, element } = part;
      const step = report.steps.find((other) => other.stage === box.id);
      part.step = step;
      const isResult = box.id === 'allowed' || box.id === 'denied';
      const reached = path.reaches(box.id, at);
      element.dataset.reached = String(reached);
      element.dataset.ahead = String(step !== undefined && report.steps.indexOf(step) > at);
      if (isResult) element.querySelector('.flow-icon')?.replaceChildren(...strokes(box.id === 'allowed' ? 'allow' : deniedIcon(report)));
      if (!step) continue;
      const index = report.steps.indexOf(step);
      element.dataset.outcome = step.outcome;
      element.dataset.decisive = String(step.decisive);
      element.setAttribute('aria-pressed', String(stage === step.stage));
      const name = element.querySelector('title');
      if (name) name.textContent = `Stage ${index + 1}, ${step.title}: ${OUTCOMES[step.outcome].words}${step.decisive ? ', decided here' : ''}`;
      element.querySelector('.flow-icon')?.replaceChildren(...strokes(OUTCOMES[step.outcome].icon));
      const word = element.querySelector('.flow-word');
      if (word) word.textContent = OUTCOMES[step.outcome].words;
    }
    for (const { edge, element } of lines) element.dataset.lit = String(path.takes(edge, at));
    // What is lit lies on top.
    const firstNode = parts[0]?.element ?? null;
    for (const { element } of lines) if (element.dataset.lit === 'true') drawing.insertBefore(element, firstNode);
  }

  function renderControls() {
    const end = steps().length;
    const at = position();
    if (!memo('controls', [at, end, steps()[at]?.title, steps()[at]?.outcome])) return;
    slider.max = String(end);
    slider.value = String(at);
    const step = steps()[at];
    slider.setAttribute(
      'aria-valuetext',
      step ? `stage ${at + 1} of ${end}, ${step.title}: ${OUTCOMES[step.outcome].words}` : 'the result',
    );
    count.textContent = step ? `${at + 1} of ${end}` : 'result';
    back.disabled = at === 0;
    forward.disabled = at >= end;
  }

  /** Makes the room as high as what the longest stage has to tell. */
  function renderRoom() {
    if (!answer) return;
    const { report } = answer;
    const path = pathOf(report, accountsOf(report) !== undefined);
    const reached = report.steps.map((step) => path.reaches(step.stage, path.end));
    if (!memo('room', [report.steps, reached])) return;
    // The same elements as on the card: others would wrap at other places.
    const link = (/** @type {string} */ id) => h('button', { type: 'button', class: 'statement-link' }, id);
    const spacer = (/** @type {(HTMLElement | false)[]} */ children) =>
      h('div', { class: 'flow-card flow-spacer', 'aria-hidden': 'true', inert: true }, children);
    const spacers = report.steps.map((step, index) => {
      const glossary = h('button', { type: 'button', class: 'text-button' }, GLOSSARY);
      return spacer(told(step, reached[index] ?? true, [...step.statements.map(link), glossary]));
    });
    room.replaceChildren(...spacers, spacer(result(link)), card);
  }

  /** What is told of a stage. @param {Step} step @param {boolean} reached @param {Node[]} links @returns {(HTMLElement | false)[]} */
  function told(step, reached, links) {
    const outcome = OUTCOMES[step.outcome];
    return [
      h(
        'p',
        { class: 'step-head' },
        icon(outcome.icon),
        h('strong', null, step.title),
        h('span', { class: 'step-outcome' }, outcome.words),
        step.decisive && h('span', { class: 'step-decisive' }, 'decided here'),
      ),
      sentence(h('p', { class: 'step-message' }), step.message),
      !reached && h('p', { class: 'hint' }, 'Not reached: it was decided before.'),
      links.length > 0 && h('p', { class: 'step-statements' }, ...links),
    ];
  }

  const decisive = () => steps().find((step) => step.decisive);

  /** What is told at the result. @param {(id: string) => Node} link */
  function result(link) {
    const step = decisive();
    const hint = h('p', { class: 'hint' }, 'Pick a stage, or step back through them, to see how it came about.');
    return [...(step ? told(step, true, step.statements.map(link)) : []), hint];
  }

  function renderCard() {
    if (!answer) return;
    const shown = glance ?? stage;
    const step = steps().find((other) => other.stage === shown);
    const path = pathOf(answer.report, accountsOf(answer.report) !== undefined);
    const reached = step !== undefined && path.reaches(step.stage, path.end);
    // A card made anew under the pointer would lose the click.
    // At the result the stage that decided speaks for it.
    const teller = step ?? decisive();
    if (!memo('card', [step === undefined, answer.report.decision, teller, reached, teller && known([teller], answer)])) return;
    card.dataset.stage = step?.stage ?? 'result';
    card.dataset.outcome = teller?.outcome ?? '';
    card.dataset.decision = answer.report.decision ?? 'none';
    if (!step) {
      replace(card, result((id) => statementButton(id, `flow ${id}`, () => answer, spotlight)));
      return;
    }
    replace(
      card,
      told(step, reached, [
        ...step.statements.map((id) => statementButton(id, `flow ${id}`, () => answer, spotlight)),
        h(
          'button',
          {
            type: 'button',
            class: 'text-button',
            data: { testid: 'glossary', glossary: step.stage, key: 'glossary' },
            onclick: (/** @type {Event} */ event) => events.onGlossary(step.stage, /** @type {HTMLElement} */ (event.currentTarget)),
          },
          GLOSSARY,
        ),
      ]),
    );
  }

  /** @param {Box} box */
  function node(box) {
    const isStage = !['start', 'join', 'allowed', 'denied'].includes(box.id);
    const group = svg('g', {
      class: `flow-node flow-${isStage ? 'stage' : box.id === 'allowed' || box.id === 'denied' ? 'result' : box.id}`,
      'data-node': box.id,
      ...(isStage ? { role: 'button', tabindex: 0, 'data-stage': box.id } : { 'aria-hidden': 'true' }),
    });
    if (isStage) group.append(svg('title', {}));
    group.append(svg('rect', { class: 'flow-box', x: box.x, y: box.y, width: box.width, height: box.height, rx: isStage ? 7 : box.height / 2 }));
    const middle = box.y + box.height / 2;
    const bare = box.id === 'start' || box.id === 'join';
    if (bare) {
      group.append(text(box.lines[0] ?? '', { class: 'flow-label', x: box.x + box.width / 2, y: middle + 4.5, 'text-anchor': 'middle' }));
      return group;
    }
    const iconX = box.side === 'left' ? box.x + ICON : box.x + box.width - ICON;
    group.append(
      svg('circle', { class: 'flow-dot', cx: iconX, cy: middle, r: 9 }),
      svg('g', { class: 'flow-icon', transform: `translate(${iconX - 6.5} ${middle - 6.5}) scale(0.8125)` }),
    );
    const top = box.y + (box.height - 16 - 15 * box.lines.length) / 2;
    for (const [index, words] of box.lines.entries()) {
      const at = box.side === 'left' ? { x: iconX + 16, 'text-anchor': 'start' } : { x: iconX - 16, 'text-anchor': 'end' };
      group.append(text(words, { class: 'flow-label', y: top + baseline(index), ...at }));
    }
    if (isStage && box.width > 300) {
      group.append(text('', { class: 'flow-word', x: box.x + box.width - 10, y: middle + 4, 'text-anchor': 'end' }));
    }
    if (isStage) listen(group, box.id);
    return group;
  }

  /** @param {SVGElement} element @param {string} id */
  function listen(element, id) {
    const select = () => go(steps().findIndex((step) => step.stage === id));
    element.addEventListener('click', select);
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') select();
      else if (event.key === 'ArrowDown') neighbour(id, 1);
      else if (event.key === 'ArrowUp') neighbour(id, -1);
      else return;
      event.preventDefault();
    });
    element.addEventListener('mouseenter', () => look(id));
    element.addEventListener('mouseleave', () => look(undefined));
    element.addEventListener('focus', () => look(id));
    element.addEventListener('blur', () => look(undefined));
  }

  /** @param {string} id @param {number} by */
  function neighbour(id, by) {
    const order = steps().map((step) => step.stage);
    const next = order[order.findIndex((other) => other === id) + by];
    parts.find((part) => part.box.id === next)?.element.focus();
  }

  return {
    /** @param {Answer} next */
    show(next) {
      answer = next;
      place.hidden = next.report.steps.length === 0;
      render();
    },
    /** The stage the reader stands at, for the link; undefined at the result. */
    get stage() {
      return stage;
    },
    /** @param {string | undefined} to  a stage; anything else is the result */
    set stage(to) {
      stage = to;
      glance = undefined;
      render();
    },
    back: () => go(position() - 1),
    forward: () => go(position() + 1),
  };
}

/** @param {import('./icons.js').IconName} name @param {string} label @param {() => void} run */
function button(name, label, run) {
  return h('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: run }, icon(name));
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function svg(tag, attributes) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** @param {string} words @param {Record<string, string | number>} attributes */
function text(words, attributes) {
  const element = svg('text', attributes);
  element.textContent = words;
  return element;
}

/** A line with its arrow. @param {Edge} edge */
function line(edge) {
  const group = svg('g', { class: 'flow-edge', 'data-from': edge.from, 'data-to': edge.to });
  const end = edge.points.at(-1) ?? [0, 0];
  const before = edge.points.at(-2) ?? [0, 0];
  const turn = end[1] > before[1] ? 90 : end[0] > before[0] ? 0 : 180;
  group.append(
    svg('path', { class: 'flow-line', d: rounded(edge.points) }),
    svg('path', { class: 'flow-head', d: 'M-5 -3.5L0 0L-5 3.5', transform: `translate(${end[0]} ${end[1]}) rotate(${turn})` }),
  );
  return group;
}

/** A line through corners, which are rounded. @param {[number, number][]} points */
function rounded(points) {
  const radius = 6;
  let d = '';
  for (const [index, [x, y]] of points.entries()) {
    const before = points[index - 1];
    const after = points[index + 1];
    if (!before) d = `M${x} ${y}`;
    else if (!after) d += `L${x} ${y}`;
    else d += `L${toward([x, y], before, radius)}Q${x} ${y} ${toward([x, y], after, radius)}`;
  }
  return d;
}

/** @param {[number, number]} from @param {[number, number]} to @param {number} by */
function toward([x, y], [toX, toY], by) {
  const far = Math.hypot(toX - x, toY - y) || 1;
  const step = Math.min(by, far / 2) / far;
  return `${x + (toX - x) * step} ${y + (toY - y) * step}`;
}

/** The strokes of an icon, to be drawn within a larger drawing. @param {import('./icons.js').IconName} name */
function strokes(name) {
  return [...icon(name).childNodes];
}

/** @param {import('./types.d.ts').Report} report */
function deniedIcon(report) {
  return decisionInfo(report.decision === 'allowed' ? 'implicitDeny' : report.decision).icon;
}

/** Whether the regions stand side by side, each with its own scroll bar: then the editors can scroll and the drawing stays. @param {HTMLElement} element */
function isBeside(element) {
  const region = element.closest('.region');
  return region !== null && getComputedStyle(region).overflowY !== 'visible';
}
