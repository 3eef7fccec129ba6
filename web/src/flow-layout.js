// Where the parts of the evaluation's drawing stand: pure arithmetic from a width to boxes and lines. All lengths are in
// units of 1/16 of the root's font size, so that a larger font makes a larger drawing.
// @ts-check

/**
 * @typedef {import('./types.d.ts').Step} Step
 *
 * @typedef {object} Box
 * @property {string} id  a stage, or `start`, `join`, `allowed`, `denied`
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {string[]} lines  the title, broken to fit
 * @property {'left' | 'right'} side  where the icon stands
 *
 * @typedef {object} Edge
 * @property {string} from
 * @property {string} to
 * @property {[number, number][]} points  the corners of the line; its arrow stands at the last
 *
 * @typedef {object} Column  the frame around the stages of one account
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {string[]} lines  its heading
 *
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {Box[]} boxes
 * @property {Edge[]} edges
 * @property {Column[]} columns
 */

const ROW_GAP = 13;
const LINE = 15;
const PADDING = 8;
/** From a box's edge to the middle of its icon, where the path runs. */
const ICON = 17;
const LETTER = 6.6;
/** In the narrow boxes of two columns, where also the bold title of the stage that decided has to fit. */
const WIDE_LETTER = 8;
/** Where the stages are drawn when the caller and the resource are in different accounts. */
const OF_RESOURCE = new Set(['rcp', 'resource']);

/** @param {number} width @param {Step[]} steps @returns {Layout} */
export function oneAccount(width, steps) {
  const left = 18;
  const right = 26;
  const inner = width - left - right;
  const wide = inner > 300;
  /** @type {Box[]} */
  const boxes = [{ id: 'start', x: left, y: 1, width: 78, height: 24, lines: ['Request'], side: 'left' }];
  let y = 25 + ROW_GAP;
  for (const step of steps) {
    const lines = wrap(step.title, wide ? inner - 110 : inner - 40);
    const height = boxHeight(lines);
    boxes.push({ id: step.stage, x: left, y, width: inner, height, lines, side: 'left' });
    y += height + ROW_GAP;
  }
  y += 4;
  const half = Math.min(130, (width - 20) / 2);
  boxes.push({ id: 'allowed', x: left, y, width: half, height: 32, lines: ['Allowed'], side: 'left' });
  boxes.push({ id: 'denied', x: width - half - 1, y, width: half, height: 32, lines: ['Denied'], side: 'left' });

  const at = finder(boxes);
  const path = left + ICON;
  const rail = width - 12;
  const order = ['start', ...steps.map((step) => step.stage), 'allowed'];
  /** @type {Edge[]} */
  const edges = order.slice(1).map((id, index) => down(at(order[index] ?? ''), at(id), path));
  for (const step of steps) {
    const box = at(step.stage);
    const middle = box.y + box.height / 2;
    edges.push({
      from: step.stage,
      to: 'denied',
      points: [
        [box.x + box.width, middle],
        [rail, middle],
        [rail, at('denied').y],
      ],
    });
  }
  const grant = at('resource');
  edges.push({
    from: 'resource',
    to: 'allowed',
    points: [
      [grant.x, grant.y + grant.height / 2],
      [4, grant.y + grant.height / 2],
      [4, at('allowed').y + 16],
      [left, at('allowed').y + 16],
    ],
  });
  return { width, height: y + 33, boxes, edges, columns: [] };
}

/**
 * @param {number} width
 * @param {Step[]} steps
 * @param {{ caller: string, resource: string }} accounts
 * @returns {Layout}
 */
export function twoAccounts(width, steps, accounts) {
  const middle = width / 2;
  const gap = Math.max(36, Math.min(64, width * 0.14));
  const columnWidth = (width - gap) / 2;
  /** @type {Box[]} */
  const boxes = [{ id: 'start', x: middle - 39, y: 1, width: 78, height: 24, lines: ['Request'], side: 'left' }];
  const first = steps[0];
  const top = 25 + ROW_GAP;
  if (first) {
    const lines = wrap(first.title, width - 60);
    boxes.push({ id: first.stage, x: 1, y: top, width: width - 2, height: boxHeight(lines), lines, side: 'left' });
  }
  const frame = top + boxHeight(['']) + ROW_GAP + 4;
  const inside = 7;
  /** @param {(step: Step) => boolean} belongs @param {'left' | 'right'} side */
  const stack = (belongs, side) => {
    const x = side === 'left' ? 1 : width - columnWidth - 1;
    let y = frame + 46;
    for (const step of steps.slice(1).filter(belongs)) {
      const lines = wrap(step.title, columnWidth - 2 * inside - 40, WIDE_LETTER);
      const height = boxHeight(lines);
      boxes.push({ id: step.stage, x: x + inside, y, width: columnWidth - 2 * inside, height, lines, side });
      y += height + ROW_GAP;
    }
    return y;
  };
  const below = Math.max(
    stack((step) => !OF_RESOURCE.has(step.stage), 'left'),
    stack((step) => OF_RESOURCE.has(step.stage), 'right'),
  );
  const frameEnd = below - ROW_GAP + inside;
  const short = columnWidth < 150;
  /** @type {Column[]} */
  const columns = [
    { x: 1, y: frame, width: columnWidth, height: frameEnd - frame, lines: [short ? 'Caller' : 'Caller’s account', accounts.caller] },
    {
      x: width - columnWidth - 1,
      y: frame,
      width: columnWidth,
      height: frameEnd - frame,
      lines: [short ? 'Resource' : 'Resource’s account', accounts.resource],
    },
  ];
  const denied = frameEnd + ROW_GAP + 4;
  const terminal = Math.min(130, width * 0.4);
  boxes.push({ id: 'denied', x: middle - terminal / 2, y: denied, width: terminal, height: 32, lines: ['Denied'], side: 'left' });
  const join = denied + 32 + ROW_GAP;
  boxes.push({ id: 'join', x: 1, y: join, width: width - 2, height: 26, lines: ['Both accounts must allow it'], side: 'left' });
  const allowed = join + 26 + ROW_GAP + 2;
  boxes.push({ id: 'allowed', x: middle - terminal / 2, y: allowed, width: terminal, height: 32, lines: ['Allowed'], side: 'left' });

  const at = finder(boxes);
  const paths = { left: 1 + inside + ICON, right: width - 1 - inside - ICON };
  /** @type {Edge[]} */
  const edges = [down(at('start'), at(first?.stage ?? 'start'), middle)];
  for (const side of /** @type {const} */ (['left', 'right'])) {
    const own = steps.slice(1).filter((step) => OF_RESOURCE.has(step.stage) === (side === 'right'));
    const order = [first?.stage ?? 'start', ...own.map((step) => step.stage), 'join'];
    for (const [index, id] of order.slice(1).entries()) edges.push(down(at(order[index] ?? ''), at(id), paths[side]));
    for (const step of own) {
      const box = at(step.stage);
      const y = box.y + box.height / 2;
      edges.push({
        from: step.stage,
        to: 'denied',
        points: [
          [side === 'left' ? box.x + box.width : box.x, y],
          [middle, y],
          [middle, denied],
        ],
      });
    }
  }
  if (first) {
    edges.push({
      from: first.stage,
      to: 'denied',
      points: [
        [middle, at(first.stage).y + at(first.stage).height],
        [middle, denied],
      ],
    });
  }
  edges.push(down(at('join'), at('allowed'), middle));
  return { width, height: allowed + 33, boxes, edges, columns };
}

/** A straight line from one box down to another. @param {Box} from @param {Box} to @param {number} x @returns {Edge} */
function down(from, to, x) {
  return {
    from: from.id,
    to: to.id,
    points: [
      [x, from.y + from.height],
      [x, to.y],
    ],
  };
}

/** @param {Box[]} boxes */
function finder(boxes) {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  return (/** @type {string} */ id) => byId.get(id) ?? { id, x: 0, y: 0, width: 0, height: 0, lines: [], side: /** @type {const} */ ('left') };
}

/** @param {string[]} lines */
function boxHeight(lines) {
  return 2 * PADDING + LINE * lines.length;
}

/**
 * Breaks a title at its spaces and, where it must, behind its hyphens.
 * @param {string} title
 * @param {number} room
 * @param {number} [letter]  how wide a letter is taken to be
 */
function wrap(title, room, letter = LETTER) {
  const most = Math.max(8, Math.floor(room / letter));
  /** @type {string[]} */
  const lines = [];
  for (const word of title.split(' ').flatMap((word) => (word.length > most ? word.split(/(?<=-)/) : [word]))) {
    const last = lines.at(-1);
    const joined = last?.endsWith('-') ? `${last}${word}` : `${last} ${word}`;
    if (last !== undefined && joined.length <= most) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}

/** How far a line of text stands below a box's top. @param {number} index */
export function baseline(index) {
  return PADDING + 11.5 + LINE * index;
}

export { ICON };
