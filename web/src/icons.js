// The icons: strokes on a 16 by 16 grid, drawn in the text's colour. Decorative unless given a label.
// @ts-check

const SHAPES = {
  check: ['M3.2 8.6l3 3 6.6-7.2'],
  cross: ['M4 4l8 8M12 4l-8 8'],
  dash: ['M4 8h8'],
  arrow: ['M8 2.8v10M4.2 9.2L8 13l3.8-3.8'],
  circle: ['M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 1 0 8 2.2z'],
  allow: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8z', 'M5.2 8.2l2 2 3.6-4.2'],
  explicit: ['M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z', 'M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4'],
  implicit: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8z', 'M3.8 12.2l8.4-8.4'],
  near: ['M2 9.4c1-3 3-3 4.2-1.4s3 1.6 4-.6 2.6-2.6 3.8-.8'],
  none: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8z', 'M6.2 6.2a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.8.6-.8 1.1v.3', 'M8 11.5v.1'],
  error: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8z', 'M8 4.8v3.8', 'M8 11v.1'],
  warning: ['M8 2.2L14.4 13.4H1.6z', 'M8 6.6v3', 'M8 11.5v.1'],
  info: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8z', 'M8 7.4v3.8', 'M8 4.9v.1'],
  chevron: ['M6 3.6L10.4 8 6 12.4'],
  plus: ['M8 3v10M3 8h10'],
  trash: ['M2.8 4.4h10.4M6.2 4.2V2.6h3.6v1.6M4.2 4.6l.6 8.8h6.4l.6-8.8M6.7 7v4M9.3 7v4'],
  format: ['M2.6 3.4h10.8M5.4 6.5h8M5.4 9.6h8M2.6 12.7h10.8'],
  link: ['M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.6-2.6a2.6 2.6 0 0 0-3.7-3.7l-.9.9', 'M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.1 9.2a2.6 2.6 0 0 0 3.7 3.7l.9-.9'],
  copy: ['M5.6 5.6h7.8v7.8H5.6z', 'M3.8 10.4H2.6V2.6h7.8v1.2'],
  sun: ['M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 1 0 0-5.6z', 'M8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1'],
  moon: ['M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7z'],
  auto: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8z', 'M8 1.8v12.4', 'M8 5h4.8M8 8h6M8 11h4.8'],
  download: ['M8 2.4v7.4M4.8 6.8L8 10l3.2-3.2M2.8 13.4h10.4'],
  upload: ['M8 10V2.6M4.8 5.6L8 2.4l3.2 3.2M2.8 13.4h10.4'],
  help: ['M5.6 5.8a2.4 2.4 0 1 1 3.3 2.3c-.6.3-.9.7-.9 1.4v.3', 'M8 12.4v.1'],
  load: ['M8 13.6V5.2M4.4 8.6L8 5l3.6 3.6', 'M2.8 2.4h10.4'],
  undo: ['M5.4 3.2L2.4 6.2l3 3', 'M2.6 6.2h6.6a3.8 3.8 0 0 1 0 7.6H6'],
  list: ['M5.6 3.8h8M5.6 8h8M5.6 12.2h8M2.6 3.8h.1M2.6 8h.1M2.6 12.2h.1'],
};

/** @typedef {keyof typeof SHAPES} IconName */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Draws an icon. With a label it is an image with that name, without one it is decoration.
 * @param {IconName} name
 * @param {string} [label]
 */
export function icon(name, label) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `icon icon-${name}`);
  if (label) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
  } else {
    svg.setAttribute('aria-hidden', 'true');
  }
  for (const shape of SHAPES[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', shape);
    svg.append(path);
  }
  return svg;
}
