// `<iam-playground>` as pages really use it: attributes that are wrong or change late, elements that are moved and taken
// away, scripts that change their mind, pages whose own styles reach everywhere.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { profile, start, stop } from './harness.mjs';
import { POLICY, REQUEST, asScript, hostPage, scenario, site } from './hosts.mjs';

before(start);
after(stop);

const INSIDE = `<pre><code>${POLICY}</code></pre>${asScript({ request: REQUEST })}`;
const UPLOAD = scenario({ title: 'upload', request: { ...REQUEST, action: 's3:PutObject' } });

/** Opens a page of documentation. What the console complains of fails the test. */
async function visit(t, body, { pages = {}, slow = {}, page: options = {}, expectTrouble, context: contextOptions = {} } = {}) {
  const docs = await site({ pages: { '/favicon.ico': '', '/doc.html': hostPage(body, options), ...pages } });
  t.after(docs.close);
  const context = await profile(t, contextOptions);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expectTrouble?.test(message.text())) complaints.push(message.text());
  });
  t.after(() => assert.deepEqual(complaints, []));
  for (const [path, until] of Object.entries(slow)) {
    await page.route(`**${path}`, async (route) => {
      await until;
      await route.continue();
    });
  }
  await page.goto(`${docs.address}doc.html`);
  await page.waitForFunction(() => customElements.get('iam-playground'));
  const embed = page.locator('iam-playground').first();
  const change = (action, value) => page.evaluate(`(${action})(document.querySelector('iam-playground'), ${JSON.stringify(value)})`);
  const decides = (decision) => embed.locator(`[data-testid=decision][data-decision=${decision}]`).waitFor();
  return { page, embed, context, change, decides, theme: () => embed.locator('.iam').getAttribute('data-theme') };
}

/** A promise, and what fulfils it. */
function gate() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { opened, open };
}

test('an attribute with a value that is none is passed over', async (t) => {
  const { page, embed, change, decides, theme } = await visit(t, `<iam-playground view="polices" max-height="50%" theme="DARK" loading="soon" page="http://" wasm-src="">${INSIDE}</iam-playground>`);
  await decides('allowed');
  const regions = () => embed.locator('.region:visible').count();
  const height = () => embed.evaluate((element) => element.offsetHeight);
  assert.equal(await regions(), 3);
  assert.equal(await theme(), 'dark');
  assert.equal(await height(), 520);
  assert.equal(await embed.getByRole('button', { name: 'Open in the playground' }).count(), 0);
  for (const [value, expected] of [['auto', 520], ['-5px', 520], ['400', 400], ['30em', 480], ['calc(10em + 40px)', 200], ['', 520]]) {
    await change((element, to) => element.setAttribute('max-height', to), value);
    assert.equal(await height(), expected, value);
  }
  await change((element) => element.setAttribute('view', 'Decision nothing'));
  assert.equal(await regions(), 1);
  await change((element) => element.setAttribute('page', ''));
  await assert.rejects(page.evaluate(() => document.querySelector('iam-playground').shareUrl()), /set the attribute `page`/);
});

test('what is asked for last is shown, however slow the one before is', async (t) => {
  const pages = { '/slow.json': JSON.stringify(scenario({ title: 'slow' })), '/quick.json': JSON.stringify(UPLOAD) };
  for (const act of [(element) => element.setAttribute('src', 'quick.json'), (element, value) => (element.scenario = value)]) {
    const { opened, open } = gate();
    const { page, change, decides } = await visit(t, '<iam-playground src="slow.json"></iam-playground>', { pages, slow: { '/slow.json': opened } });
    await page.waitForRequest(/slow\.json/).catch(() => undefined);
    await change(act, UPLOAD);
    open();
    await decides('implicitDeny');
    await page.waitForTimeout(100);
    assert.equal(await change((element) => element.scenario.title), 'upload');
    assert.equal(await change((element) => (element.reset(), element.scenario.title)), 'upload');
  }
});

test('after a source that cannot be had another one is loaded at once', async (t) => {
  for (const act of [(element) => element.setAttribute('src', 'there.json'), (element, value) => (element.scenario = value)]) {
    const { embed, change, decides } = await visit(t, '<iam-playground src="gone.json"><p>Text.</p></iam-playground>', {
      pages: { '/there.json': JSON.stringify(UPLOAD) },
      expectTrouble: /404/,
    });
    await embed.locator('[part=error]').waitFor();
    await change(act, UPLOAD);
    await decides('implicitDeny');
  }
  const { embed, change } = await visit(t, '<iam-playground wasm-src="http://"><p>Text.</p></iam-playground>');
  await embed.getByText('the engine http:// could not be loaded: it is no address').waitFor();
  await change((element) => element.removeAttribute('wasm-src'));
  await embed.getByRole('button', { name: 'Try again' }).click();
  await embed.locator('.iam[data-ready=true]').waitFor();
});

test('`loading` may change, and a scenario set before the click leaves the button', async (t) => {
  const { embed, change, decides } = await visit(t, `<iam-playground loading="click">${INSIDE}</iam-playground>`);
  const button = embed.getByRole('button', { name: 'Try it' });
  await change((element, value) => (element.scenario = value), UPLOAD);
  await button.click();
  await decides('implicitDeny');
  const second = await visit(t, `<iam-playground loading="click">${INSIDE}</iam-playground>`);
  await second.embed.getByRole('button', { name: 'Try it' }).waitFor();
  await second.change((element) => element.setAttribute('loading', 'eager'));
  await second.decides('allowed');
});

test('a link to the full page says what will be shown before it is loaded; a lesson that gave way is not in it', async (t) => {
  const { page, context, change } = await visit(t, '<iam-playground loading="click" src="upload.json"></iam-playground>', { pages: { '/upload.json': JSON.stringify(UPLOAD) } });
  const link = () => page.evaluate(() => document.querySelector('iam-playground').shareUrl());
  const full = await context.newPage();
  await full.goto(await link());
  await full.waitForSelector('[data-testid=decision][data-decision=implicitDeny]');
  await change((element) => element.setAttribute('lesson', 'nothing-is-allowed'));
  assert.match(await link(), /#lesson=nothing-is-allowed$/);
  await change((element) => element.load());
  await page.locator('iam-playground .iam[data-ready=true]').waitFor();
  assert.match(await link(), /#lesson=nothing-is-allowed$/);
  await change((element, value) => (element.scenario = value), UPLOAD);
  assert.match(await link(), /#1\./);
  assert.equal(await page.locator('iam-playground #lesson-place').isVisible(), false);
});

test('an embed can be moved, taken out and put back, and keeps what was typed', async (t) => {
  const { page, change, decides, theme } = await visit(t, `<div id="one"><iam-playground>${INSIDE}</iam-playground></div><div id="two"></div>`);
  await decides('allowed');
  await change((element, value) => {
    element.scenario = value;
    document.querySelector('#two').append(element);
  }, UPLOAD);
  await decides('implicitDeny');
  await page.evaluate(async () => {
    const element = document.querySelector('iam-playground');
    element.remove();
    document.documentElement.dataset.theme = 'dark';
    await new Promise((resolve) => setTimeout(resolve, 50));
    document.querySelector('#one').append(element);
  });
  assert.equal(await theme(), 'dark');
  assert.equal(await change((element) => element.scenario.title), 'upload');
  await change((element, value) => (element.scenario = value), scenario());
  await decides('allowed');
  // Taken away while it loads, and asked while it is away.
  const report = await page.evaluate(async (value) => {
    const element = document.createElement('iam-playground');
    document.body.append(element);
    void element.load();
    element.remove();
    element.scenario = value;
    const { decision } = await element.evaluate();
    document.body.append(element);
    return decision;
  }, UPLOAD);
  assert.equal(report, 'implicitDeny');
});

test('the theme of what is around is followed: in a component, a slot, whatever the colour is written in', async (t) => {
  const { change, decides, theme, page } = await visit(t, `<div data-bs-theme="light"><iam-playground>${INSIDE}</iam-playground></div>`);
  await decides('allowed');
  await change((element) => element.parentElement.setAttribute('data-bs-theme', 'dark'));
  await page.locator('iam-playground .iam[data-theme=dark]').waitFor();
  await change((element) => element.parentElement.removeAttribute('data-bs-theme'));
  for (const [colour, expected] of [
    ['oklch(0.2 0.02 250)', 'dark'],
    ['oklch(0.97 0.01 250)', 'light'],
    ['lab(10 0 0)', 'dark'],
    ['color(srgb 0.95 0.95 0.95)', 'light'],
    ['color(display-p3 0.05 0.05 0.05)', 'dark'],
    ['color-mix(in oklab, white 90%, black)', 'light'],
  ]) {
    await page.evaluate((to) => (document.body.style.background = to), colour);
    await page.waitForTimeout(20);
    assert.equal(await theme(), expected, colour);
  }
  await change((element) => {
    const tabs = document.createElement('div');
    tabs.attachShadow({ mode: 'open' }).innerHTML = '<div data-theme="dark"><slot></slot></div>';
    document.body.append(tabs);
    tabs.append(element);
  });
  assert.equal(await theme(), 'dark');
  // A new body, as some routers put one in.
  await page.evaluate(() => {
    const body = document.createElement('body');
    body.append(document.querySelector('iam-playground'));
    document.body.replaceWith(body);
  });
  assert.equal(await theme(), 'light');
  await page.evaluate(() => document.body.setAttribute('data-md-color-scheme', 'slate'));
  await page.locator('iam-playground .iam[data-theme=dark]').waitFor();
});

test('a page’s own styles and direction do not reach in', async (t) => {
  const looks = (embed) =>
    embed.evaluate((element) => {
      const { width, height } = element.getBoundingClientRect();
      const title = element.shadowRoot.querySelector('#reason');
      const line = [...element.shadowRoot.querySelectorAll('.cm-line')].find(({ textContent }) => textContent.includes('Version'));
      const style = getComputedStyle(title);
      const box = line.getBoundingClientRect();
      return { width, height, size: style.fontSize, indent: style.textIndent, spacing: style.letterSpacing, stroke: style.webkitTextStrokeWidth, direction: style.direction, x: Math.round(box.x), line: Math.round(box.height) };
    });
  const plain = await visit(t, `<iam-playground>${INSIDE}</iam-playground>`);
  await plain.decides('allowed');
  const usual = await looks(plain.embed);
  for (const head of [
    '<style>body { font-size: 3rem; line-height: 3; letter-spacing: 1px; text-indent: 4em; word-break: break-all; -webkit-text-stroke: 1px red; text-transform: uppercase }</style>',
    '<style>body { direction: rtl; writing-mode: horizontal-tb }</style>',
    '<style>* { box-sizing: content-box; line-height: 4; font-size: 30px }</style>',
  ]) {
    const { embed, decides } = await visit(t, `<iam-playground style="margin: 16px 0">${INSIDE}</iam-playground>`, { page: { head } });
    await decides('allowed');
    assert.deepEqual(await looks(embed), usual, head);
  }
  for (const [style, width] of [
    ['* { all: unset }', 1200],
    ['body { display: flex; align-items: start; margin: 0 }', 320],
    ['body { writing-mode: vertical-rl; margin: 0 }', 320],
  ]) {
    const { embed, decides } = await visit(t, `<iam-playground>${INSIDE}</iam-playground>`, { page: { head: `<style>${style}</style>` } });
    await decides('allowed');
    const { width: is, height, size } = await looks(embed);
    assert.deepEqual({ is, height, size }, { is: width, height: 520, size: usual.size }, style);
  }
  // Where it waits to be asked, too: a policy reads from left to right.
  const { embed } = await visit(t, `<iam-playground loading="click">${INSIDE}</iam-playground>`, { page: { attributes: ' dir="rtl"' } });
  assert.equal(await embed.locator('pre').evaluate((pre) => getComputedStyle(pre).direction), 'ltr');
  assert.equal(await embed.locator('.shell-bar').evaluate((bar) => getComputedStyle(bar).direction), 'ltr');
});

test('hidden at first, it is whole once it is shown', async (t) => {
  const { page, embed, decides } = await visit(
    t,
    `<details><summary>Try</summary><iam-playground>${INSIDE}</iam-playground></details><div id="tab" hidden><iam-playground id="second" loading="eager">${INSIDE}</iam-playground></div>`,
  );
  await page.waitForFunction(() => document.querySelector('#second').report);
  assert.equal(await embed.evaluate((element) => element.report), undefined, 'nobody came near');
  await page.getByText('Try', { exact: true }).click();
  await decides('allowed');
  await page.evaluate(() => (document.querySelector('#tab').hidden = false));
  for (const one of [embed, page.locator('#second')]) {
    await one.scrollIntoViewIfNeeded();
    await one.locator('.cm-line').first().waitFor();
    assert.equal(await one.evaluate((element) => element.offsetHeight), 520);
    assert.equal(await one.locator('.cm-line').first().evaluate((line) => line.offsetHeight), 21);
  }
});

test('two copies of the script on one page are one element', async (t) => {
  const { decides, page } = await visit(t, `<iam-playground>${INSIDE}</iam-playground><script type="module" src="/play/iam-playground.js?again"></script><script src="/play/iam-playground-loader.js"></script>`);
  await decides('allowed');
  await page.waitForTimeout(200);
});

test('a frame whose scripts are kept out says so, and one whose scripts run does not', async (t) => {
  for (const [sandbox, seen] of [['allow-scripts', true], ['allow-scripts allow-same-origin', false]]) {
    const { page } = await visit(t, `<iframe sandbox="${sandbox}" src="/play/embed.html" width="800" height="500"></iframe>`, {
      expectTrouble: /CORS|ERR_FAILED|sandbox/,
    });
    const words = page.frameLocator('iframe').getByText('The playground has not come yet');
    if (!seen) await page.frameLocator('iframe').locator('.iam[data-ready=true]').waitFor();
    assert.equal(await words.isVisible(), false, 'not at once, nor once it is here');
    if (seen) await words.waitFor();
  }
});

test('on paper only the verdict, where the page’s styles say so', async (t) => {
  const hidden = ['policies', 'request', 'steps-section', 'trace-section'].map((name) => `iam-playground::part(${name})`).join();
  const { page, embed, decides } = await visit(t, `<iam-playground>${INSIDE}</iam-playground>`, { page: { head: `<style>@media print { ${hidden} { display: none !important } }</style>` } });
  await decides('allowed');
  await page.emulateMedia({ media: 'print' });
  const text = await embed.locator('.iam').innerText();
  assert.match(text, /Allowed/);
  assert.doesNotMatch(text, /How it was decided|Statement by statement|Principal|Policies/);
});
