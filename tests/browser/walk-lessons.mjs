// Every lesson as a learner does it, the long way: on the page and in an embed, by keyboard letter for letter, and by
// touch on a small screen. It takes some minutes, so it is no part of the test suite; `lesson-walk.test.mjs` is, and goes
// through all of them once. To be run by hand after work on the lessons or their view:
//
//   node tests/browser/walk-lessons.mjs [--pictures FOLDER] [--only ID] [WAY…]
//
// with ways of `page`, `keyboard`, `phone`, `embed`, `embed-keyboard`, `embed-phone` (none: all of them). PAGE_URL and CHROMIUM_PATH as for the tests.

import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { pageAddress, profile, start, stop } from './harness.mjs';
import { course, walker } from './walk.mjs';

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const WAYS = {
  page: {},
  keyboard: { keys: true },
  phone: { touch: true, context: PHONE },
  embed: { embed: true },
  'embed-keyboard': { embed: true, keys: true },
  'embed-phone': { embed: true, touch: true, context: PHONE },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pictures: { type: 'string' }, only: { type: 'string' } },
});
const lessons = course.lessons.filter(({ id }) => values.only === undefined || id === values.only);
if (values.pictures) await mkdir(values.pictures, { recursive: true });

/** Embeds stand in a page of somebody else. */
const host = (lesson) => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
  <title>Host</title><body><script type="module" src="./iam-playground.js"></script>
  <iam-playground lesson="${lesson}" loading="eager" style="height: 700px"></iam-playground></body></html>`;

await start();
let failures = 0;
for (const name of positionals.length > 0 ? positionals : Object.keys(WAYS)) {
  const { context: options = {}, ...way } = WAYS[name];
  const cleanUp = [];
  const context = await profile({ after: (close) => cleanUp.push(close) }, { serviceWorkers: 'block', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.route('**/host.html*', (route) =>
    route.fulfill({ contentType: 'text/html', body: host(new URL(route.request().url()).searchParams.get('lesson')) }),
  );
  const picture = async (lesson, moment) => {
    if (values.pictures) await page.screenshot({ path: `${values.pictures}/${name}-${lesson.id}-${moment}.png`, fullPage: true });
  };
  const walk = walker(page, { ...way, picture });
  const before = Date.now();
  let passed = 0;
  for (const lesson of lessons) {
    try {
      await page.goto(new URL(way.embed ? `host.html?lesson=${lesson.id}` : `#lesson=${lesson.id}`, pageAddress()).href);
      if (!way.embed) await page.reload();
      await walk.through(lesson);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) throw new Error(`${lesson.id}: sticks out by ${wide} px`);
      if (complaints.length > 0) throw new Error(`${lesson.id}: ${complaints.splice(0).join('; ')}`);
      passed += 1;
    } catch (error) {
      failures += 1;
      console.log(`✗ ${name}: ${lesson.id}: ${error.message}`);
      if (values.pictures) await page.screenshot({ path: `${values.pictures}/${name}-${lesson.id}-failed.png` });
    }
  }
  console.log(`${name}: ${passed} of ${lessons.length} lessons, ${Math.round((Date.now() - before) / 1000)} s`);
  for (const close of cleanUp) await close();
}
await stop();
process.exitCode = failures > 0 ? 1 : 0;
