// Embeds in pages that forbid things, and embeds in frames: each ends in an answer or in words and a way on.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { open, profile, start, stop } from './harness.mjs';
import { REQUEST, asScript, hostPage, scenario, site } from './hosts.mjs';

before(start);
after(stop);

const EMBED = `<iam-playground>${asScript(scenario())}</iam-playground>`;

/** A page whose server sends headers; resolves to what its one embed said first: where it runs, or why it does not. */
async function outcome(t, { headers, script, body = EMBED, playHeaders = {}, elsewhere = false }) {
  const docs = await site({ headers: playHeaders, pages: {} });
  t.after(docs.close);
  const address = elsewhere ? `${docs.other}play/iam-playground.js` : '/play/iam-playground.js';
  docs.pages['/doc.html'] = { body: hostPage(body, { script: address }), headers: headers ?? {} };
  const context = await profile(t);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
    window.first = new Promise((resolve) => {
      document.addEventListener('iam-ready', (event) => resolve(event.detail.mode));
      document.addEventListener('iam-error', (event) => resolve(`${event.detail.code}: ${event.detail.message}`));
    });
  });
  if (script) await page.addInitScript(script);
  await page.goto(`${docs.address}doc.html`);
  const said = await page.evaluate(() => window.first);
  return { page, docs, said, embed: page.locator('iam-playground'), violations: await page.evaluate(() => window.violations) };
}

test('where trusted types forbid a worker’s address, the engine runs on the page', async (t) => {
  const { said, violations, embed } = await outcome(t, {
    headers: {
      'content-security-policy':
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    },
  });
  assert.equal(said, 'page');
  assert.deepEqual([...new Set(violations)], ['require-trusted-types-for trusted-types-sink']);
  // No HTML is ever made of text: the editor and every region work under them.
  await embed.getByTestId('action').fill('s3:PutObject');
  await embed.locator('[data-testid=decision][data-decision=implicitDeny]').waitFor();
});

test('`script-src self; style-src self; worker-src self` is enough, without a violation', async (t) => {
  const { said, violations } = await outcome(t, {
    headers: { 'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; connect-src 'self'" },
  });
  assert.equal(said, 'worker');
  assert.deepEqual(violations, []);
});

test('from another origin the worker is made from a blob', async (t) => {
  const { said, embed } = await outcome(t, { elsewhere: true, playHeaders: { 'access-control-allow-origin': '*' } });
  assert.equal(said, 'blob');
  assert.equal(await embed.getByTestId('decision').getAttribute('data-decision'), 'allowed');
});

test('from another origin and without blob workers the engine runs on the page', async (t) => {
  const { said, embed } = await outcome(t, {
    elsewhere: true,
    playHeaders: { 'access-control-allow-origin': '*' },
    headers: { 'content-security-policy': "script-src http: 'wasm-unsafe-eval'; worker-src 'none'" },
  });
  assert.equal(said, 'page');
  await embed.getByTestId('action').fill('s3:PutObject');
  await embed.locator('[data-testid=decision][data-decision=implicitDeny]').waitFor();
});

test('without workers the engine runs on the page', async (t) => {
  const { said, embed } = await outcome(t, { script: () => delete window.Worker });
  assert.equal(said, 'page');
  assert.equal(await embed.getByTestId('decision').getAttribute('data-decision'), 'allowed');
});

for (const [what, options] of [
  ['WebAssembly is forbidden', { headers: { 'content-security-policy': "script-src 'self'; worker-src 'none'" } }],
  ['there are neither workers nor WebAssembly', { script: () => { delete window.Worker; delete window.WebAssembly; } }],
  ['the engine’s file is not there', { body: EMBED.replace('>', ' wasm-src="gone.wasm">') }],
]) {
  test(`where ${what}, it says so, keeps the text and gives a link`, async (t) => {
    const { said, embed, page, docs } = await outcome(t, options);
    assert.match(said, /^engine: /);
    await embed.getByText('There can be no decision here').waitFor();
    assert.equal(await embed.getByTestId('decision').getAttribute('data-decision'), 'none');
    assert.match(await embed.locator('.cm-content').innerText(), /s3:GetObject/);
    const link = await embed.getByRole('link', { name: 'Open in the playground' }).getAttribute('href');
    assert.ok(link.startsWith(`${docs.address}play/#1.`));
    await assert.rejects(page.evaluate(() => document.querySelector('iam-playground').evaluate()));
    await embed.getByTestId('action').fill('s3:PutObject');
    assert.equal((await page.evaluate(() => document.querySelector('iam-playground').scenario)).request.action, 's3:PutObject');
  });
}

test('from another origin with `integrity`: the right hash runs, a wrong one is refused and the text stays', async (t) => {
  const file = await readFile(new URL('../../web/dist/iam-playground.js', import.meta.url));
  const hash = `sha384-${createHash('sha384').update(file).digest('base64')}`;
  const docs = await site({ headers: { 'access-control-allow-origin': '*' } });
  t.after(docs.close);
  const page = await (await profile(t)).newPage();
  for (const [integrity, defined] of [
    [hash, true],
    [hash.replace(/.{8}$/, 'AAAAAAAA'), false],
  ]) {
    docs.pages['/doc.html'] = `<!doctype html><title>d</title><script type="module" src="${docs.other}play/iam-playground.js" integrity="${integrity}" crossorigin="anonymous"></script><iam-playground><pre>${'{}'}</pre></iam-playground>`;
    await page.goto(`${docs.address}doc.html`);
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => customElements.get('iam-playground') !== undefined), defined);
    if (!defined) assert.equal(await page.locator('pre').isVisible(), true);
  }
});

test('`wasm-src` names the engine', async (t) => {
  const { said, docs } = await outcome(t, { body: EMBED.replace('>', ' wasm-src="/my/engine.wasm">') });
  assert.match(said, /^engine: /);
  assert.ok(docs.asked.includes('/my/engine.wasm'));
});

test('regions that cannot be loaded leave the text and can be tried again', async (t) => {
  const docs = await site({ pages: { '/doc.html': hostPage(EMBED) } });
  t.after(docs.close);
  const context = await profile(t);
  await context.route('**/player-*.js', (route) => route.abort());
  const page = await context.newPage();
  await page.goto(`${docs.address}doc.html`);
  const embed = page.locator('iam-playground');
  await embed.locator('[part=error]').waitFor();
  assert.match(await embed.locator('[part=static]').innerText(), /arn:aws:s3:::photos/);
  // The link leads to the full page at once, and to the scenario as soon as it is packed.
  await embed.locator('a[href*="/play/#1."]').waitFor();
});

for (const blocked of [
  () => Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('no', 'SecurityError'); } }),
  () => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; },
]) {
  test(`with storage blocked the page works, and the link holds the work (${blocked.toString().includes('Quota') ? 'full' : 'refused'})`, async (t) => {
    const { at, decides, page } = await open(t, { script: blocked });
    await at('action').fill('s3:ListBucket');
    await page.waitForFunction(() => location.hash.startsWith('#1.'));
    await decides('implicitDeny');
    await page.getByTestId('theme').click();
    assert.notEqual(await page.locator('html').getAttribute('data-theme'), 'auto');
  });
}

// ---- In a frame ---------------------------------------------------------------------------------------------

/** A page that frames `embed.html` and notes its messages. */
async function framed(t, { query = '', hash, sandbox, elsewhere = false, headers = {} } = {}) {
  const docs = await site({ pages: { '/blank.html': '<!doctype html><title>b</title><body>' }, headers });
  t.after(docs.close);
  const context = await profile(t);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`${docs.address}blank.html`);
  const fragment = hash ?? (await fragmentOf(page, scenario()));
  await page.evaluate(
    ({ address, box }) => {
      window.messages = [];
      addEventListener('message', ({ data }) => window.messages.push(data));
      const frame = document.createElement('iframe');
      if (box !== undefined) frame.setAttribute('sandbox', box);
      frame.style.cssText = 'width:700px;height:400px';
      frame.src = address;
      document.body.append(frame);
    },
    { address: `${elsewhere ? docs.other : docs.address}play/embed.html${query.replace('{origin}', docs.address.slice(0, -1))}${fragment}`, box: sandbox },
  );
  const frame = page.frameLocator('iframe').first();
  return { page, docs, context, frame, embed: frame.locator('iam-playground'), messages: () => page.evaluate(() => window.messages) };
}

/** A link's fragment, as the page makes it: deflated JSON in base64url. */
function fragmentOf(page, value) {
  return page.evaluate(async (text) => {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    return `#1.${btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
  }, JSON.stringify(value));
}

const post = (page, message) => page.evaluate((data) => document.querySelector('iframe').contentWindow.postMessage(data, '*'), message);
const other = { type: 'iam-playground', version: 1, command: 'set-scenario', scenario: scenario({ request: { ...REQUEST, action: 's3:PutObject' } }) };

test('a frame shows the scenario of its address and tells its height', async (t) => {
  const { embed, messages, page } = await framed(t, { query: '?view=policies+verdict&theme=dark' });
  await embed.locator('.iam[data-ready=true][data-theme=dark]').waitFor();
  assert.equal(await embed.getByTestId('decision').getAttribute('data-decision'), 'allowed');
  assert.equal(await embed.getByTestId('principal').isVisible(), false);
  await page.waitForFunction(() => window.messages.some(({ event }) => event === 'ready'));
  const resize = (await messages()).findLast(({ event }) => event === 'resize');
  assert.deepEqual(Object.keys(resize).sort(), ['event', 'height', 'type', 'version']);
  assert.equal(resize.version, 1);
  await page.waitForTimeout(200);
  const { height } = (await messages()).findLast(({ event }) => event === 'resize');
  const content = await page.frames()[1].evaluate(() => document.documentElement.getBoundingClientRect().height);
  assert.ok(Math.abs(height - content) <= 1, `${height} and ${content}`);
  await page.evaluate((pixels) => (document.querySelector('iframe').style.height = `${pixels}px`), height);
  const scrolls = await page.frames()[1].evaluate(() => document.documentElement.scrollHeight > innerHeight + 1);
  assert.equal(scrolls, false, 'with the height it told, nothing is cut off');
  assert.equal(await page.frames()[1].evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length)), 0);
});

test('a page of an unknown origin learns nothing but the height, and is not heard', async (t) => {
  const { embed, messages, page } = await framed(t, { elsewhere: true });
  await embed.locator('.iam[data-ready=true]').waitFor();
  await post(page, other);
  await post(page, { type: 'iam-playground', version: 1, command: 'reset' });
  await page.waitForTimeout(300);
  assert.equal(await embed.getByTestId('decision').getAttribute('data-decision'), 'allowed');
  assert.deepEqual([...new Set((await messages()).map(({ event }) => event))], ['resize']);
});

test('a page of a listed origin is heard and told the decision; anything but its messages is not', async (t) => {
  const { embed, page } = await framed(t, { elsewhere: true, query: '?origin={origin}' });
  await embed.locator('.iam[data-ready=true]').waitFor();
  for (const junk of [null, 4, 'x', [], {}, { ...other, version: 2 }, { ...other, type: 'else' }, { ...other, scenario: { policies: 4 } }, { ...other, command: 'eval' }]) await post(page, junk);
  await page.waitForTimeout(200);
  assert.equal(await embed.getByTestId('decision').getAttribute('data-decision'), 'allowed');
  await page.waitForFunction(() => window.messages.some(({ event, message }) => event === 'error' && /not a list/.test(message)));
  await post(page, other);
  await embed.locator('[data-testid=decision][data-decision=implicitDeny]').waitFor();
  await page.waitForFunction(() => window.messages.some(({ event, decision }) => event === 'result' && decision === 'implicitDeny'));
});

test('a listed origin is heard only from the page around', async (t) => {
  const { embed, page, docs } = await framed(t, { elsewhere: true, query: '?origin={origin}' });
  await embed.locator('.iam[data-ready=true]').waitFor();
  // Another frame of the listed origin, beside it.
  await page.evaluate((address) => {
    const beside = document.createElement('iframe');
    beside.src = address;
    beside.id = 'beside';
    document.body.append(beside);
    return new Promise((resolve) => (beside.onload = resolve));
  }, `${docs.address}blank.html`);
  await page.frames().at(-1).evaluate((data) => parent.frames[0].postMessage(data, '*'), other);
  await page.waitForTimeout(300);
  assert.equal(await embed.getByTestId('decision').getAttribute('data-decision'), 'allowed');
});

for (const [hash, words] of [
  ['#1.abc', /cut off or damaged/],
  ['#9.abc', /a newer version of the playground made it/],
  ['#???', /does not look like a link/],
]) {
  test(`a frame with the damaged link ${hash} says so and can be used`, async (t) => {
    const { embed, frame } = await framed(t, { hash });
    await frame.locator('#message').waitFor();
    assert.match(await frame.locator('#message').innerText(), words);
    await embed.getByTestId('add-policy').click();
    assert.equal(await embed.getByTestId('policy').count(), 1);
  });
}

test('a link that unpacks to more than it may is refused', async (t) => {
  const docs = await site();
  t.after(docs.close);
  const page = await (await profile(t)).newPage();
  await page.goto(`${docs.address}play/cases.json`);
  const bomb = await fragmentOf(page, 'a'.repeat(4_000_000));
  assert.ok(bomb.length < 10_000);
  await page.goto(`${docs.address}play/embed.html${bomb}`);
  await page.getByText('it unpacks to more than').waitFor();
});

test('sandboxed with its own origin it works; without one too, where the server lets anyone read', async (t) => {
  const own = await framed(t, { elsewhere: true, sandbox: 'allow-scripts allow-same-origin' });
  await own.embed.locator('.iam[data-ready=true]').waitFor();
  const none = await framed(t, { sandbox: 'allow-scripts', headers: { 'access-control-allow-origin': '*' } });
  await none.embed.locator('.iam[data-ready=true]').waitFor();
  assert.equal(await none.embed.getByTestId('decision').getAttribute('data-decision'), 'allowed');
});
