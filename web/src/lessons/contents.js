// The table of contents: all lessons by topic, which of them are done, and what can be done with the progress.
// @ts-check

import { h } from '../dom.js';
import { icon } from '../icons.js';
import { inline } from '../markdown.js';
import { KINDS } from './course.js';

/**
 * @typedef {import('./course.js').Course} Course
 * @typedef {import('./course.js').Lesson} Lesson
 * @typedef {import('./progress.js').Progress} Progress
 */

/**
 * @param {Course} course
 * @param {Progress} progress
 * @param {(message: string, undo?: () => void) => void} tell
 */
export function createContents(course, progress, tell) {
  const summary = h('p', { class: 'lesson-contents-summary', role: 'status' });
  const list = h('div', { class: 'lesson-topics' });
  const file = h('input', {
    type: 'file',
    accept: '.json,application/json',
    hidden: true,
    'aria-label': 'Progress file',
    data: { testid: 'lesson-import-file' },
    onchange: () => void importFile(),
  });
  const dialog = h(
    'dialog',
    { class: 'help lesson-contents', 'aria-labelledby': 'lesson-contents-title', data: { testid: 'lesson-contents' } },
    h(
      'header',
      { class: 'help-header' },
      h('h2', { id: 'lesson-contents-title', tabindex: '-1' }, 'Lessons'),
      h('button', { type: 'button', class: 'button', data: { testid: 'lesson-contents-close' }, onclick: () => dialog.close() }, 'Close'),
    ),
    h(
      'p',
      null,
      inline(
        'Short exercises, each with one idea: make the rows turn green. Start anywhere; the order builds up. The [glossary](glossary:) explains the words.',
      ),
    ),
    summary,
    list,
    h(
      'footer',
      { class: 'row-actions' },
      h('button', { type: 'button', class: 'button', data: { testid: 'lesson-export' }, onclick: exportFile }, icon('download'), 'Save progress'),
      h('button', { type: 'button', class: 'button', data: { testid: 'lesson-import' }, onclick: () => file.click() }, icon('upload'), 'Load progress'),
      h('button', { type: 'button', class: 'button', data: { testid: 'lesson-forget' }, onclick: forget }, icon('trash'), 'Forget progress'),
      file,
    ),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });

  function exportFile() {
    const address = URL.createObjectURL(new Blob([progress.exported()], { type: 'application/json' }));
    h('a', { href: address, download: 'iam-playground-lessons.json' }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  async function importFile() {
    const chosen = file.files?.[0];
    file.value = '';
    if (!chosen) return;
    try {
      const number = progress.imported(await chosen.text());
      tell(`Took in the progress of ${number} ${number === 1 ? 'lesson' : 'lessons'}.`);
    } catch (error) {
      tell(`${chosen.name} was not taken: ${error instanceof Error ? error.message : error}.`);
    }
    render();
  }

  function forget() {
    const back = progress.reset();
    render();
    tell('Forgot what was done.', () => {
      back();
      render();
    });
  }

  function render() {
    const done = course.lessons.filter((lesson) => progress.isDone(lesson.id)).length;
    summary.textContent = `${done} of ${course.lessons.length} done.`;
    if (progress.isBlocked) summary.append(' This browser does not keep it: save it to a file.');
    list.replaceChildren(
      ...course.topics.map((topic) => {
        const lessons = course.lessons.filter((lesson) => lesson.topic === topic.id);
        const id = `lesson-topic-${topic.id}`;
        return h(
          'section',
          { 'aria-labelledby': id },
          h('h3', { id }, topic.title),
          h('p', { class: 'hint' }, inline(topic.text)),
          h('ol', { class: 'lesson-list' }, ...lessons.map(item)),
        );
      }),
    );
  }

  /** @param {Lesson} lesson */
  function item(lesson) {
    const done = progress.isDone(lesson.id);
    return h(
      'li',
      { class: 'lesson-item', data: { done } },
      h('span', { class: 'lesson-item-mark' }, done ? icon('check', 'done') : icon('circle')),
      h(
        'a',
        { href: `#lesson=${lesson.id}`, data: { testid: 'lesson-link', lesson: lesson.id }, onclick: () => dialog.close() },
        lesson.title,
      ),
      h('span', { class: 'lesson-item-kind' }, lesson.challenge ? 'Challenge' : KINDS[lesson.kind]),
      h('span', { class: 'lesson-item-time' }, `${lesson.minutes} min`),
    );
  }

  return {
    element: dialog,
    open() {
      render();
      if (!dialog.open) dialog.showModal();
    },
    close: () => dialog.close(),
  };
}
