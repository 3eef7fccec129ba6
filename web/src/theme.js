// Light, dark, or as the system has it.
// @ts-check

import { icon } from './icons.js';
import { recall, remember } from './storage.js';

const THEMES = /** @type {const} */ (['auto', 'light', 'dark']);
const LOOKS = /** @type {const} */ ({
  auto: { icon: 'auto', label: 'Theme: as the system' },
  light: { icon: 'sun', label: 'Theme: light' },
  dark: { icon: 'moon', label: 'Theme: dark' },
});

/** @param {HTMLElement} button */
export function setUpTheme(button) {
  let theme = THEMES.find((name) => name === recall('theme')) ?? 'auto';
  const show = () => {
    document.documentElement.dataset.theme = theme;
    button.replaceChildren(icon(LOOKS[theme].icon));
    button.setAttribute('aria-label', LOOKS[theme].label);
    button.title = LOOKS[theme].label;
  };
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
    remember('theme', theme === 'auto' ? undefined : theme);
    show();
  });
  show();
}
