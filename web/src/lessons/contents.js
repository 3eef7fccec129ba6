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
 * @param {() => string | undefined} current  the lesson that is open
 */
export function createContents(course, progress, tell, current) {
  const summary = h('p', { class: 'lesson-contents-summary', role: 'status' });
  const onward = h('p', { class: 'lesson-contents-onward', data: { testid: 'lesson-onward' } });
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
    onward,
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
    const open = course.lessons.filter((lesson) => !progress.isDone(lesson.id));
    const done = course.lessons.length - open.length;
    summary.textContent = `${done} of ${course.lessons.length} done${open.length > 0 ? `; the rest takes ${time(open)}` : ', all of them'}.`;
    const way = onwards(open);
    onward.replaceChildren(...(way ? [done === 0 && !progress.isBegun(way.id) ? 'Begin with ' : 'Go on with ', link(way), '.'] : []));
    onward.hidden = way === undefined;
    if (progress.isBlocked) summary.append(' This browser does not keep it: save it to a file.');
    list.replaceChildren(
      ...course.topics.map((topic) => {
        const lessons = course.lessons.filter((lesson) => lesson.topic === topic.id);
        const id = `lesson-topic-${topic.id}`;
        return h(
          'section',
          { 'aria-labelledby': id },
          h('h3', { id }, topic.title, h('span', { class: 'lesson-topic-done' }, ` ${lessons.filter((lesson) => progress.isDone(lesson.id)).length} of ${lessons.length}`)),
          h('p', { class: 'hint' }, inline(topic.text)),
          h('ol', { class: 'lesson-list' }, ...lessons.map(item)),
        );
      }),
    );
  }

  /** What comes next: the first open lesson behind the last one that was done, else the first open one. @param {Lesson[]} open */
  function onwards(open) {
    const last = course.lessons.findLastIndex((lesson) => progress.isDone(lesson.id));
    return open.find((lesson) => progress.isBegun(lesson.id) && lesson.id !== current()) ?? course.lessons.slice(last + 1)[0] ?? open[0];
  }

  /** @param {Lesson} lesson */
  function link(lesson) {
    return h('a', { href: `#lesson=${lesson.id}`, onclick: () => dialog.close() }, lesson.title);
  }

  /** How long lessons take, roughly. @param {Lesson[]} lessons */
  function time(lessons) {
    const minutes = lessons.reduce((sum, lesson) => sum + lesson.minutes, 0);
    if (minutes < 60) return `about ${minutes} minutes`;
    const hours = Math.round(minutes / 60);
    return `about ${hours} ${hours === 1 ? 'hour' : 'hours'}`;
  }

  /** @param {Lesson} lesson */
  function item(lesson) {
    const done = progress.isDone(lesson.id);
    const mark = done ? icon('check', 'done') : progress.isBegun(lesson.id) ? icon('dash', 'begun') : icon('circle');
    return h(
      'li',
      { class: 'lesson-item', data: { done } },
      h('span', { class: 'lesson-item-mark' }, mark),
      h(
        'a',
        {
          href: `#lesson=${lesson.id}`,
          'aria-current': current() === lesson.id ? 'true' : undefined,
          data: { testid: 'lesson-link', lesson: lesson.id },
          onclick: () => dialog.close(),
        },
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
