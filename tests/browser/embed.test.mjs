// `<iam-playground>` in other people's pages: where its scenario comes from, what it tells, and that it is a good guest.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';
import { profile, start, stop } from './harness.mjs';
import { POLICY, REQUEST, asScript, hostPage, scenario, site } from './hosts.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));

before(start);
after(stop);

/** Opens a page of documentation; complaints of the console are gathered. */
async function visit(t, body, { host = {}, page: options = {}, context: contextOptions = {}, script, block, wait = true } = {}) {
  const docs = await site({ ...host, pages: { '/doc.html': hostPage(body, options), ...host.pages } });
  t.after(docs.close);
  const context = await profile(t, contextOptions);
  if (script) await context.addInitScript(script);
  if (block) await context.route(block, (route) => route.abort());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints = [];
  const requests = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  context.on('request', (request) => requests.push(request.url()));
  await page.addInitScript(() => {
    window.heard = [];
    for (const name of ['iam-ready', 'iam-change', 'iam-result', 'iam-pass', 'iam-error']) {
      document.addEventListener(name, (event) => window.heard.push([name, event.target.id, event.detail]));
    }
  });
  await page.goto(`${docs.address}doc.html`);
  if (wait) await page.locator('iam-playground .iam[data-ready=true]').first().waitFor();
  return { page, docs, context, complaints, requests, embed: page.locator('iam-playground').first() };
}

const decision = (embed) => embed.getByTestId('decision').getAttribute('data-decision');
const names = (page) => page.evaluate(() => window.heard.map(([name]) => name));

test('the code block that readers see without JavaScript becomes the identity policy', async (t) => {
  const { page, embed, complaints } = await visit(
    t,
    `<iam-playground><pre><code class="language-json">${POLICY}</code></pre>${asScript({ request: REQUEST })}</iam-playground>`,
  );
  assert.equal(await decision(embed), 'allowed');
  assert.match(await embed.getByTestId('reason').innerText(), /Statement Objects of Policy allows/);
  assert.equal(await embed.locator('pre').isVisible(), false, 'the block gave way to the editor');
  assert.deepEqual(await page.evaluate(() => document.querySelector('iam-playground').scenario.policies.length), 1);
  assert.deepEqual(complaints.filter((text) => !text.includes('404')), []);
});

for (const [tool, block] of [
  ['Docusaurus', POLICY.split('\n').map((line) => `<span class="token-line"><span class="token">${line}</span><br></span>`).join('')],
  ['MkDocs', `<span></span><a id="__codelineno-0-1"></a>${POLICY}`],
  ['mdBook', `${POLICY}<div class="buttons"><button>Copy</button></div>`],
]) {
  test(`a code block as ${tool} writes it is read as it was written`, async (t) => {
    const { page } = await visit(t, `<iam-playground><div class="highlight"><pre><code>${block}</code></pre></div></iam-playground>`);
    const text = await page.evaluate(() => document.querySelector('iam-playground').scenario.policies[0].document);
    assert.equal(text, POLICY);
  });
}

test('what the reader types is decided, told to the page, and can be taken back', async (t) => {
  const { page, embed } = await visit(t, `<div id="outer"><iam-playground id="one">${asScript(scenario())}</iam-playground></div>`);
  await embed.getByTestId('action').fill('s3:PutObject');
  await embed.locator('[data-testid=decision][data-decision=implicitDeny]').waitFor();
  const heard = await page.evaluate(() => window.heard);
  assert.ok(heard.every(([, id]) => id === 'one'), 'the target is the element');
  assert.equal(heard.find(([name]) => name === 'iam-change')[2].scenario.request.action, 's3:PutObject');
  assert.equal(heard.filter(([name]) => name === 'iam-ready').length, 1);
  assert.equal(heard.find(([name]) => name === 'iam-ready')[2].mode, 'worker');
  assert.equal(heard.findLast(([name]) => name === 'iam-result')[2].report.decision, 'implicitDeny');
  const report = await page.evaluate(() => document.querySelector('iam-playground').evaluate());
  assert.equal(report.decision, 'implicitDeny');
  await embed.getByRole('button', { name: 'Start over' }).click();
  await embed.locator('[data-testid=decision][data-decision=allowed]').waitFor();
  await embed.getByTestId('toast').getByRole('button', { name: 'Undo' }).click();
  await embed.locator('[data-testid=decision][data-decision=implicitDeny]').waitFor();
  await page.evaluate(() => document.querySelector('iam-playground').reset());
  await embed.locator('[data-testid=decision][data-decision=allowed]').waitFor();
});

test('a policy is edited in the shadow root: marks, undo and the focus work there', async (t) => {
  const { page, embed } = await visit(t, `<iam-playground>${asScript(scenario())}</iam-playground>`);
  await embed.locator('.cm-line.iam-matched-allow').first().waitFor();
  await embed.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' x');
  await embed.locator('[data-testid=decision][data-stale=true]').waitFor();
  await page.keyboard.press('Control+z');
  await embed.locator('[data-testid=decision][data-stale=false]').waitFor();
  const inner = await page.evaluate(() => document.activeElement.shadowRoot.activeElement.className);
  assert.match(inner, /cm-content/);
  const styled = await embed.locator('.cm-gutters').evaluate((gutters) => getComputedStyle(gutters).display);
  assert.equal(styled, 'flex', 'the editor has its own style sheet');
});

test('who only reads has the small engine; the whole one comes with the first touch, and has more to say', async (t) => {
  const star = POLICY.replace(/"Action": "[^"]*"/, '"Action": "*"').replace(/"Resource": "[^"]*"/, '"Resource": "*"');
  const { page, embed, requests, complaints } = await visit(t, `<iam-playground><pre>${star}</pre>${asScript({ request: REQUEST })}</iam-playground>`);
  const engines = () => requests.filter((url) => url.endsWith('.wasm')).map((url) => /iam_playground(_first)?_bg/.exec(url)[0]);
  assert.equal(await decision(embed), 'allowed');
  await page.waitForTimeout(300);
  assert.deepEqual(engines(), ['iam_playground_first_bg']);
  assert.equal(await embed.getByTestId('diagnostics').isVisible(), false);
  await embed.getByTestId('principal').click();
  await embed.getByTestId('diagnostics').getByText('This allows every action on every resource').waitFor();
  assert.deepEqual(engines(), ['iam_playground_first_bg', 'iam_playground_bg']);
  assert.deepEqual(complaints.filter((text) => !text.includes('404')), []);
});

test('a script that asks for the report gets all that the engine can say; without the small engine the whole one decides', async (t) => {
  const { page, embed } = await visit(t, `<iam-playground>${asScript(scenario({ policies: [{ kind: 'identity', name: 'Star', document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } }] }))}</iam-playground>`, {
    block: /iam_playground_first_bg/,
  });
  assert.equal(await decision(embed), 'allowed');
  const report = await page.evaluate(() => document.querySelector('iam-playground').evaluate());
  assert.ok(report.diagnostics.some(({ code }) => code === 'full-administrator'), JSON.stringify(report.diagnostics));
});

test('a script gets the whole report after the small engine’s first answer', async (t) => {
  const { page } = await visit(t, `<iam-playground>${asScript(scenario({ policies: [{ kind: 'identity', name: 'Star', document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } }] }))}</iam-playground>`);
  const reports = await page.evaluate(async () => {
    const element = document.querySelector('iam-playground');
    return [element.report, await element.evaluate()].map(({ decision, diagnostics }) => [decision, diagnostics.length]);
  });
  assert.deepEqual(reports, [['allowed', 0], ['allowed', 1]]);
});

test('`src` gives the scenario; a policy by itself will do', async (t) => {
  const { embed } = await visit(t, '<iam-playground src="photos.json"></iam-playground>', {
    host: { pages: { '/photos.json': JSON.stringify(scenario()) } },
  });
  assert.equal(await decision(embed), 'allowed');
  const second = await visit(t, '<iam-playground src="policy.json"></iam-playground>', { host: { pages: { '/policy.json': POLICY } } });
  assert.equal(await second.embed.getByTestId('policy').count(), 1);
});

for (const [what, page, words] of [
  ['is not there', { status: 404, body: '' }, /photos\.json could not be opened: the server answered 404/],
  ['is not JSON', '<p>hello', /what came is not JSON/],
  ['has the wrong shape', '{"policies": 5}', /`policies` is not a list/],
  ['is a list', '[1]', /a scenario is a JSON object/],
]) {
  test(`a \`src\` that ${what} is said to be, the text stays, and it can be tried again`, async (t) => {
    const { page: tab, embed, docs } = await visit(t, `<iam-playground src="photos.json"><pre>${POLICY}</pre></iam-playground>`, {
      host: { pages: { '/photos.json': page } },
      wait: false,
    });
    await embed.locator('[part=error]').waitFor();
    assert.match(await embed.locator('[part=error]').innerText(), words);
    assert.equal(await embed.locator('pre').isVisible(), true);
    assert.deepEqual(await names(tab), ['iam-error']);
    assert.match(await embed.getByRole('link', { name: 'Open the full page' }).getAttribute('href'), /\/play\//);
    docs.pages['/photos.json'] = JSON.stringify(scenario());
    await embed.getByRole('button', { name: 'Try again' }).click();
    await embed.locator('.iam[data-ready=true]').waitFor();
    assert.equal(await decision(embed), 'allowed');
  });
}

test('a `src` that fails later leaves what is there', async (t) => {
  const { page, embed } = await visit(t, `<iam-playground src="photos.json"></iam-playground>`, {
    host: { pages: { '/photos.json': JSON.stringify(scenario()), '/other.json': JSON.stringify(scenario({ request: { ...REQUEST, action: 's3:PutObject' } })) } },
  });
  await page.evaluate(() => document.querySelector('iam-playground').setAttribute('src', 'gone.json'));
  await embed.getByTestId('notice').getByText('gone.json could not be opened').waitFor();
  assert.equal(await decision(embed), 'allowed');
  await page.evaluate(() => document.querySelector('iam-playground').setAttribute('src', 'other.json'));
  await embed.locator('[data-testid=decision][data-decision=implicitDeny]').waitFor();
  assert.equal(await embed.getByTestId('notice').count(), 0);
});

test('a script child that is no scenario is said to be one', async (t) => {
  for (const [text, words] of [
    ['{ "request": ', /what stands here is no scenario/],
    ['{ "tests": 4 }', /`tests` is not a list/],
  ]) {
    const { embed } = await visit(t, `<iam-playground><script type="application/json" slot="scenario">${text}</script></iam-playground>`, { wait: false });
    await embed.locator('[part=error]').waitFor();
    assert.match(await embed.locator('[part=error]').innerText(), words);
  }
});

test('the property takes a scenario, before the element is defined too, and refuses what is none', async (t) => {
  const { page, embed } = await visit(t, '<iam-playground></iam-playground>', {
    page: {
      head: `<script>addEventListener('DOMContentLoaded', () => { document.querySelector('iam-playground').scenario = ${JSON.stringify(scenario())}; });</script>`,
    },
  });
  assert.equal(await decision(embed), 'allowed');
  for (const junk of [null, 4, 'x', [], { policies: [1] }]) {
    const refused = await page.evaluate((value) => {
      try {
        document.querySelector('iam-playground').scenario = value;
        return false;
      } catch {
        return true;
      }
    }, junk);
    assert.equal(refused, true, JSON.stringify(junk));
  }
  await page.evaluate((value) => {
    const element = document.createElement('iam-playground');
    element.id = 'made';
    element.scenario = value;
    document.body.append(element);
    return element.ready;
  }, scenario({ request: { ...REQUEST, action: 's3:DeleteObject' } }));
  assert.equal(await page.locator('#made').getByTestId('decision').getAttribute('data-decision'), 'implicitDeny');
});

test('iam-pass comes when the last test turns green, once', async (t) => {
  const { page, embed } = await visit(
    t,
    `<iam-playground>${asScript(scenario({ tests: [{ name: 'upload', request: { action: 's3:PutObject' }, expect: 'allowed' }] }))}</iam-playground>`,
  );
  assert.ok(!(await names(page)).includes('iam-pass'));
  await page.evaluate((policy) => {
    const element = document.querySelector('iam-playground');
    const { scenario } = element;
    element.scenario = { ...scenario, policies: [{ ...scenario.policies[0], document: policy }] };
  }, POLICY.replace('s3:GetObject', 's3:*'));
  await page.waitForFunction(() => window.heard.some(([name]) => name === 'iam-pass'));
  await embed.getByTestId('resource').fill('arn:aws:s3:::photos/dog.jpg');
  await page.waitForTimeout(200);
  assert.equal((await names(page)).filter((name) => name === 'iam-pass').length, 1);
});

test('`view` shows what it names', async (t) => {
  const { page, embed } = await visit(t, `<iam-playground view="verdict trace">${asScript(scenario())}</iam-playground>`);
  const seen = async () =>
    Object.fromEntries(
      await Promise.all(
        ['policy', 'principal', 'tests', 'decision', 'steps', 'trace'].map(async (id) => [id, await embed.getByTestId(id).first().isVisible()]),
      ),
    );
  assert.deepEqual(await seen(), { policy: false, principal: false, tests: false, decision: true, steps: false, trace: true });
  await page.evaluate(() => document.querySelector('iam-playground').setAttribute('view', 'policies request'));
  assert.deepEqual(await seen(), { policy: true, principal: true, tests: false, decision: false, steps: false, trace: false });
  await page.evaluate(() => document.querySelector('iam-playground').removeAttribute('view'));
  assert.deepEqual(await seen(), { policy: true, principal: true, tests: false, decision: true, steps: true, trace: true });
});

test('`readonly` can be read and not changed', async (t) => {
  const { page, embed } = await visit(t, `<iam-playground readonly>${asScript(scenario({ tests: [{ name: 'x', expect: 'allowed' }] }))}</iam-playground>`);
  await embed.locator('.cm-content').click();
  await page.keyboard.type('x');
  assert.equal(await embed.getByTestId('action').getAttribute('readonly'), '');
  assert.equal(await embed.getByTestId('test-expect').isDisabled(), true);
  for (const id of ['add-policy', 'remove-policy', 'add-context', 'add-test', 'test-remove']) {
    assert.equal(await embed.getByTestId(id).first().isVisible(), false, id);
  }
  await page.waitForTimeout(100);
  assert.deepEqual((await names(page)).filter((name) => name === 'iam-change'), []);
  await page.evaluate(() => document.querySelector('iam-playground').removeAttribute('readonly'));
  await embed.locator('.cm-content').click();
  await page.keyboard.type('x');
  await page.waitForFunction(() => window.heard.some(([name]) => name === 'iam-change'));
  assert.equal(await embed.getByTestId('add-policy').isVisible(), true);
});

test('`predict` asks before it shows', async (t) => {
  const { page, embed } = await visit(t, `<iam-playground predict>${asScript(scenario())}</iam-playground>`);
  const box = embed.getByTestId('predict');
  assert.equal(await embed.getByTestId('decision').isVisible(), false);
  assert.equal(await embed.locator('.cm-line.iam-matched-allow').count(), 0, 'no mark tells it');
  await box.getByRole('button', { name: 'Implicit deny' }).click();
  assert.match(await box.innerText(), /You said “Implicit deny”. It is “Allowed”/);
  assert.equal(await embed.getByTestId('decision').isVisible(), true);
  assert.ok((await embed.locator('.cm-line.iam-matched-allow').count()) > 0);
  await page.evaluate(() => document.querySelector('iam-playground').reset());
  await box.getByRole('button', { name: 'Allowed' }).click();
  assert.match(await box.innerText(), /You said “Allowed”, and so it is/);
});

test('`loading="click"` loads nothing before the click', async (t) => {
  const { embed, requests } = await visit(t, `<iam-playground loading="click">${asScript(scenario())}</iam-playground>`, { wait: false });
  await embed.getByRole('button', { name: 'Try it' }).waitFor();
  assert.match(await embed.locator('.shell').innerText(), /arn:aws:s3:::photos\/\*/, 'the scenario as text');
  assert.deepEqual(requests.filter((url) => /player|worker|wasm/.test(url)), []);
  await embed.getByRole('button', { name: 'Try it' }).click();
  await embed.locator('.iam[data-ready=true]').waitFor();
});

test('an embed far down loads when the reader comes near', async (t) => {
  const { page, requests } = await visit(t, `<div style="height:5000px"></div><iam-playground>${asScript(scenario())}</iam-playground>`, { wait: false });
  await page.waitForTimeout(400);
  assert.deepEqual(requests.filter((url) => /player|worker|wasm/.test(url)), []);
  await page.evaluate(() => scrollTo(0, 4200));
  await page.locator('iam-playground .iam[data-ready=true]').waitFor();
});

test('twenty embeds share one engine and nothing moves', async (t) => {
  const many = Array.from({ length: 20 }, (_, n) => `<h2>Example ${n}</h2><p>Before.</p><iam-playground loading="eager" id="e${n}"><pre><code>${POLICY}</code></pre>${asScript({ request: { ...REQUEST, action: n % 2 ? 's3:PutObject' : 's3:GetObject' } })}</iam-playground><p>After.</p>`);
  const { page } = await visit(t, many.join('\n'), {
    script: () => {
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifts.push({ value: entry.value, nodes: entry.sources.map(({ node, previousRect, currentRect }) => [node?.parentNode?.className ?? null, node?.className ?? node?.nodeName, node?.textContent?.slice(0, 40), previousRect.y, previousRect.height, currentRect.y, currentRect.height].join(" ")) });
      }).observe({ type: 'layout-shift', buffered: true });
    },
    wait: false,
  });
  const decisions = await page.evaluate(() =>
    customElements.whenDefined('iam-playground').then(() =>
      Promise.all([...document.querySelectorAll('iam-playground')].map(async (element) => (await element.ready).report.decision)),
    ),
  );
  assert.deepEqual(decisions, Array.from({ length: 20 }, (_, n) => (n % 2 ? 'implicitDeny' : 'allowed')));
  assert.equal(page.workers().length, 1);
  for (let y = 0; y < 12_000; y += 1500) {
    await page.evaluate((top) => scrollTo(0, top), y);
    await page.waitForTimeout(40);
  }
  const shifts = await page.evaluate(() => window.shifts);
  assert.ok(shifts.reduce((sum, { value }) => sum + value, 0) < 0.001, JSON.stringify(shifts));
});

test('a guest leaves the address, the storage, the title, the styles and the keys alone', async (t) => {
  const { page, embed, context } = await visit(t, `<p id="p">Text</p><iam-playground>${asScript(scenario())}</iam-playground><button id="b">b</button>`);
  const look = () => page.evaluate(() => [location.href, document.title, JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, history.length, getComputedStyle(document.getElementById('p')).font, document.adoptedStyleSheets.length, document.querySelectorAll('style, link').length, document.documentElement.getAttributeNames().join()]);
  const before = await look();
  await embed.getByTestId('action').fill('s3:PutObject');
  await embed.getByTestId('add-policy').click();
  await page.waitForTimeout(600);
  await page.locator('#b').focus();
  await page.keyboard.press('?');
  await page.keyboard.press('1');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'b');
  assert.deepEqual(await look(), before);
  assert.deepEqual(await context.cookies(), []);
  assert.equal(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length)), 0);
});

test('a link to the full page carries the scenario', async (t) => {
  const { page, context, embed, docs } = await visit(t, `<iam-playground>${asScript(scenario())}</iam-playground>`);
  await embed.getByTestId('action').fill('s3:DeleteObject');
  const link = await page.evaluate(() => document.querySelector('iam-playground').shareUrl());
  assert.ok(link.startsWith(`${docs.address}play/#1.`), link);
  const full = await context.newPage();
  await full.goto(link);
  await full.waitForSelector('[data-testid=decision][data-decision=implicitDeny]');
  const opened = context.waitForEvent('page');
  await embed.getByRole('button', { name: 'Open in the playground' }).click();
  await (await opened).waitForSelector('[data-testid=decision][data-decision=implicitDeny]');
});

for (const [tool, attributes, body, change] of [
  ['mdBook', ' class="light"', '', () => (document.documentElement.className = 'navy')],
  ['Docusaurus', ' data-theme="light"', '', () => (document.documentElement.dataset.theme = 'dark')],
  ['Bootstrap', ' data-bs-theme="light"', '', () => document.documentElement.setAttribute('data-bs-theme', 'dark')],
  ['MkDocs Material', '', ' data-md-color-scheme="default"', () => document.body.setAttribute('data-md-color-scheme', 'slate')],
  ['a page that only paints', '', ' style="background:#fff"', () => (document.body.style.background = '#111')],
]) {
  test(`the theme of ${tool} is followed`, async (t) => {
    const { page, embed } = await visit(t, `<iam-playground>${asScript(scenario())}</iam-playground>`, { page: { attributes, body } });
    assert.equal(await embed.locator('.iam').getAttribute('data-theme'), 'light');
    await page.evaluate(change);
    await embed.locator('.iam[data-theme=dark]').waitFor();
    const ink = await embed.getByTestId('reason').evaluate((node) => getComputedStyle(node).color);
    assert.ok(Number(/\d+/.exec(ink)[0]) > 150, `light ink on dark paper, not ${ink}`);
    await page.evaluate(() => document.querySelector('iam-playground').setAttribute('theme', 'light'));
    await embed.locator('.iam[data-theme=light]').waitFor();
  });
}

test('parts and custom properties dress it; its own size does not depend on the page’s rem', async (t) => {
  const { embed } = await visit(t, `<iam-playground>${asScript(scenario())}</iam-playground>`, {
    page: { head: '<style>html{font-size:62.5%} body{letter-spacing:9px;line-height:3} iam-playground{--iam-accent:rgb(200, 0, 100)} iam-playground::part(verdict){border:7px solid red}</style>' },
  });
  assert.equal(await embed.getByTestId('decision').evaluate((node) => getComputedStyle(node).borderTopWidth), '7px');
  assert.equal(await embed.getByTestId('add-policy').evaluate((node) => getComputedStyle(node).backgroundColor), 'rgb(200, 0, 100)');
  assert.equal(await embed.locator('.iam').evaluate((node) => getComputedStyle(node).fontSize), '15px');
  assert.equal(await embed.locator('.iam').evaluate((node) => getComputedStyle(node).letterSpacing), 'normal');
});

test('letters in the drawing are as large as those beside it, whatever the page’s own size is', async (t) => {
  const sizes = [];
  for (const size of ['62.5%', '100%', '150%']) {
    const { embed } = await visit(t, `<iam-playground view="decision">${asScript(scenario())}</iam-playground>`, { page: { attributes: ` style="font-size:${size}"` } });
    sizes.push(await embed.locator('.flow-label').first().evaluate((label) => label.getBoundingClientRect().height));
  }
  assert.ok(sizes.every((height) => Math.abs(height - sizes[1]) < 1) && sizes[1] > 10, sizes.join(', '));
});

for (const [looks, context] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['forced colours', { forcedColors: 'active' }],
]) {
  test(`axe finds nothing in any state of an embed, ${looks}, and it fits 320 px`, async (t) => {
    const theme = looks === 'dark' ? 'dark' : 'light';
    const failing = { tests: [{ name: 'x', expect: 'explicitDeny' }] };
    const one = (attributes, content = asScript(scenario())) => `<iam-playground loading="eager" theme="${theme}" ${attributes}>${content}</iam-playground>`;
    const { page, embed } = await visit(
      t,
      `<main><h1>Docs</h1>
      ${one('id="full"', asScript(scenario(failing)))}
      ${one('id="asking" predict')} ${one('id="answered" predict')}
      ${one('id="read" readonly view="policies verdict message steps trace"')}
      ${one('id="tests" view="tests decision"', asScript(scenario(failing)))}
      ${one('id="broken"', asScript(scenario({ policies: [{ kind: 'identity', name: 'Broken', document: '{ "Version" }' }] })))}
      ${one('id="empty"', asScript({ request: {}, policies: [] }))}
      ${one('id="gone" src="gone.json"', `<pre>${POLICY}</pre>`)}
      <iam-playground loading="click" id="offered"><pre>${POLICY}</pre></iam-playground></main>`,
      { context: { viewport: { width: 320, height: 800 }, ...context } },
    );
    const answered = page.locator('#answered');
    await answered.locator('[data-guess=allowed]').click();
    await answered.getByTestId('add-policy').click();
    await page.locator('#gone [part=error]').waitFor();
    for (const id of ['tests', 'broken', 'empty']) await page.locator(`#${id} .iam[data-ready=true]`).waitFor();
    await page.locator('#full').getByTestId('principal').click();
    await embed.locator('details:not([open]) > summary').evaluateAll((all) => all.forEach((summary) => summary.click()));
    await page.addScriptTag({ path: require.resolve('axe-core') });
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    // What colours the system forces is not axe's to see.
    const found = violations.filter(({ id }) => looks !== 'forced colours' || id !== 'color-contrast');
    assert.deepEqual(found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`), []);
    const wide = await page.locator('.iam').evaluateAll((frames) => frames.filter((frame) => [...frame.querySelectorAll('.regions, .region')].some((node) => node.scrollWidth > node.clientWidth + 1)).map((frame) => frame.getRootNode().host.id));
    assert.deepEqual(wide, [], 'nothing reaches over the edge');
  });
}

test('without JavaScript the policy is there to be read; on paper it is whole', async (t) => {
  const body = `<iam-playground><pre><code class="language-json">${POLICY}</code></pre></iam-playground><iam-playground max-height="100px" id="two">${asScript(scenario())}</iam-playground>`;
  const silent = await visit(t, body, { context: { javaScriptEnabled: false }, wait: false });
  assert.equal(await silent.page.locator('pre').isVisible(), true);
  const { page } = await visit(t, body);
  await page.locator('#two .iam[data-ready=true]').waitFor();
  await page.emulateMedia({ media: 'print' });
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('iam-playground')].map((element) => {
      const frame = element.shadowRoot.querySelector('.iam');
      return [...frame.querySelectorAll('.regions, .region')].some((node) => node.scrollHeight > node.clientHeight + 2) || element.offsetHeight < 300;
    }),
  );
  assert.deepEqual(cut, [false, false]);
  await page.addStyleTag({ content: '@media print { iam-playground::part(policies) { display: none !important; } }' });
  assert.equal(await page.locator('#two').getByTestId('policy').isVisible(), false, 'a part can be left out');
  assert.equal(await page.locator('#two').getByTestId('decision').isVisible(), true);
});

test('the ordinary script loads the element', async (t) => {
  const docs = await site({
    pages: { '/doc.html': `<!doctype html><title>d</title><iam-playground>${asScript(scenario())}</iam-playground><script src="/play/iam-playground-loader.js"></script>` },
  });
  t.after(docs.close);
  const page = await (await profile(t)).newPage();
  await page.goto(`${docs.address}doc.html`);
  await page.locator('iam-playground .iam[data-ready=true]').waitFor();
});

test('a lesson comes from the registered loader', async (t) => {
  const { page, embed } = await visit(t, '<iam-playground lesson="first"></iam-playground>', {
    page: {
      head: `<script type="module">
        import { IamPlayground } from '/play/iam-playground.js';
        IamPlayground.registerLessons(async (id) => ({ scenario: ${JSON.stringify(scenario())}, mount: (place) => { place.textContent = 'Lesson ' + id; } }));
      </script>`,
    },
  });
  assert.equal(await decision(embed), 'allowed');
  assert.equal(await embed.locator('#lesson-place').innerText(), 'Lesson first');
  assert.equal(await page.locator('iam-playground').count(), 1);
});

test('the manifest tells of every attribute and part that there is', async () => {
  const manifest = JSON.parse(await readFile(new URL('../../web/npm/files/custom-elements.json', import.meta.url), 'utf8'));
  const [element] = manifest.modules[0].declarations;
  const source = await readFile(new URL('../../web/src/embed/element.js', import.meta.url), 'utf8');
  const told = element.attributes.map(({ name }) => name);
  for (const [, name] of source.matchAll(/(?:getAttribute|hasAttribute)\('([\w-]+)'\)/g)) assert.ok(told.includes(name), name);
  const frame = await readFile(new URL('../../web/src/embed/frame.js', import.meta.url), 'utf8');
  const parts = element.cssParts.map(({ name }) => name);
  for (const [, name] of `${source}${frame}`.matchAll(/\bpart: '([\w-]+)'/g)) assert.ok(parts.includes(name), name);
});

test('an AWS managed policy by name is loaded before the first answer, and shown', async (t) => {
  const policies = [{ kind: 'identity', managedPolicy: 'AmazonS3ReadOnlyAccess' }];
  const { embed, requests } = await visit(t, `<iam-playground>${asScript({ request: REQUEST, policies })}</iam-playground>`);
  assert.equal(await decision(embed), 'allowed');
  assert.ok(requests.some((url) => url.includes('managed-policies')));
  await embed.getByText('arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess').waitFor();
  assert.match(await embed.locator('.cm-content').first().innerText(), /"s3:Get\*"/);
});
