// The bars between the regions: drag them, or focus one and use the arrow keys. Double click puts them back.
// @ts-check

import { byId } from './dom.js';
import { recall, remember } from './storage.js';

const STEP = 2;
const LEAST = 18;
const NORMAL = /** @type {[number, number]} */ ([38, 66]);

/** The two bars stand at these percentages of the width. */
export function setUpSplitters() {
  const area = byId('regions');
  const bars = [byId('splitter-1'), byId('splitter-2')];
  let at = read();

  const show = () => {
    area.style.setProperty('--split-1', `${at[0]}`);
    area.style.setProperty('--split-2', `${at[1]}`);
    bars.forEach((bar, index) => {
      bar.setAttribute('aria-valuenow', String(Math.round(at[index] ?? 0)));
      bar.setAttribute('aria-valuemin', String(index === 0 ? LEAST : Math.round(at[0] + LEAST)));
      bar.setAttribute('aria-valuemax', String(index === 0 ? Math.round(at[1] - LEAST) : 100 - LEAST));
    });
  };
  /** @param {number} index @param {number} value */
  const move = (index, value) => {
    const low = index === 0 ? LEAST : at[0] + LEAST;
    const high = index === 0 ? at[1] - LEAST : 100 - LEAST;
    const next = Math.min(Math.max(value, low), high);
    at = index === 0 ? [next, at[1]] : [at[0], next];
    show();
    remember('split', JSON.stringify(at));
  };

  bars.forEach((bar, index) => {
    bar.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -100, End: 100 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      move(index, (at[index] ?? 0) + step);
    });
    bar.addEventListener('pointerdown', (event) => {
      bar.setPointerCapture(event.pointerId);
      event.preventDefault();
      bar.focus();
    });
    bar.addEventListener('pointermove', (event) => {
      if (!bar.hasPointerCapture(event.pointerId)) return;
      const box = area.getBoundingClientRect();
      move(index, ((event.clientX - box.left) / box.width) * 100);
    });
    bar.addEventListener('dblclick', () => {
      at = NORMAL;
      show();
      remember('split', undefined);
    });
  });
  show();
}

/** @returns {[number, number]} */
function read() {
  try {
    const [first, second] = JSON.parse(recall('split') ?? '[]');
    if (first >= LEAST && second >= first + LEAST && second <= 100 - LEAST) return [first, second];
  } catch {
    // Whatever stands there is not ours.
  }
  return NORMAL;
}
