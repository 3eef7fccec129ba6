// Whatever a scenario, a link, an attribute or a message holds is data: tried with script in every field of every form,
// on the page, in an embed and in a frame. A script that ran would set `window.hacked` or ask another origin.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, profile, start, stop } from './harness.mjs';
import { asScript, hostPage, scenario, site } from './hosts.mjs';

before(start);
after(stop);

const RUN = 'window.hacked=1';
const ATTACKS = [
  `<img src=x onerror="${RUN}"><script>${RUN}</script>`,
  `"><svg onload="${RUN}"><animate onbegin="${RUN}" attributeName=x dur=1s></svg>`,
  `' onfocus='${RUN}' autofocus tabindex=0 x='`,
  `</script><script>${RUN}</script><!--`,
  `</title></textarea></style><iframe srcdoc="<script>parent.hacked=1</script>"></iframe>`,
  `javascript:${RUN}//`,
  `[x](javascript:${RUN}) [y](data:text/html,<script>${RUN}</script>) [z](https://x.example/"onmouseover="${RUN}) <javascript:${RUN}>`,
  `\${${RUN}} {{constructor.constructor('${RUN}')()}} url(javascript:${RUN}) expression(${RUN}) ]]>`,
  '__proto__',
  `\u2028\u2029\u0000\uD800 ${'`'}<b onclick=${RUN}>${'`'} **<i onclick=${RUN}>** *<u onclick=${RUN}>*`,
];

/** A scenario with the attack in every place that holds text, names of members included. */
function full(text) {
  const statement = {
    Sid: text,
    Effect: 'Allow',
    Action: [text, 's3:*'],
    NotAction: text,
    Resource: [text, '*'],
    Principal: { AWS: text, [text]: text },
    Condition: { [text]: { [text]: [text] }, StringEquals: { [text]: text, 'aws:PrincipalTag/x': `\${${text}}` } },
    [text]: text,
  };
  const kinds = ['identity', 'resource', 'permissionsBoundary', 'session', 'scp', 'rcp', 'vpcEndpoint'];
  return {
    title: text,
    description: `${text}\n\n- ${text}\n- ${text}\n\n\`${text}\` **${text}** [${text}](${text})`,
    summary: text,
    concepts: [text],
    request: {
      principal: text,
      action: text,
      resource: text,
      resourceAccount: text,
      sessionIssuer: text,
      context: { [text]: text, 'aws:SourceIp': text, 'aws:CurrentTime': text, list: [text, text] },
    },
    policies: [
      ...kinds.map((kind) => ({ kind, name: text, via: text, target: text, document: { Version: text, Id: text, Statement: [statement] } })),
      { kind: 'identity', name: `broken ${text}`, document: `{"Version": "${text}` },
      { kind: text, name: 'odd', document: text },
      { kind: 'identity', name: 'valid', document: { Version: '2012-10-17', Statement: [{ Sid: 'Ok', Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringLike: { 'aws:PrincipalTag/x': text } } }] } },
    ],
    organization: { managementAccount: text, scpLevels: [text], rcpLevels: [text] },
    tests: [{ name: text, request: { principal: text, action: text, resource: text, context: { [text]: text } }, expect: text, [text]: text }],
    [text]: text,
  };
}

/** What must not be there, in the document and in every open shadow root. */
function findings() {
  const roots = [document];
  for (let at = 0; at < roots.length; at += 1) for (const element of roots[at].querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
  const found = [];
  if (window.hacked !== undefined) found.push('a script ran');
  if ({}.polluted !== undefined || Object.prototype[''] !== undefined) found.push('the prototype was changed');
  for (const root of roots) {
    for (const element of root.querySelectorAll('*')) {
      // Our own element's `src` is fetched as JSON, and only over http.
      if (element.localName === 'iam-playground') continue;
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name)) found.push(`${element.tagName} has ${name}`);
        if (/^(href|src|action|formaction|xlink:href|data|srcdoc)$/i.test(name) && /^\s*(javascript|data:text|vbscript)/i.test(value)) found.push(`${element.tagName} ${name}=${value}`);
      }
      // An editor puts an empty picture beside what it draws for a character that cannot be seen.
      if (element.matches('img.cm-widgetBuffer:not([src])')) continue;
      if (/^(iframe|img|object|embed|base|form|animate|math|b|u)$/i.test(element.tagName)) found.push(`<${element.tagName}>`);
      if (element.tagName === 'SCRIPT' && element.type !== 'application/json' && !element.src) found.push('an inline script');
    }
  }
  return found;
}

const watch = (context, address) => {
  const { origin } = new URL(address);
  const strangers = [];
  context.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob|about):/.test(url) && new URL(url).origin !== origin) strangers.push(url);
  });
  return strangers;
};

test('on the page: no field of a scenario becomes anything but text, and nothing is asked elsewhere', async (t) => {
  const { page, context, at } = await open(t, { script: () => window.addEventListener('dialog', () => (window.hacked = 1)) });
  const strangers = watch(context, page.url());
  for (const attack of ATTACKS) {
    await page.evaluate((value) => window.iamPlayground.setScenario(value), full(attack));
    await page.evaluate(() => window.iamPlayground.getReport());
    // Everything that can be opened is, and what can be pointed at is pointed at.
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      for (const element of document.querySelectorAll('.trace-entry, .statement-link, summary')) element.dispatchEvent(new MouseEvent('mouseenter'));
    });
    await page.waitForTimeout(60);
    assert.deepEqual(await page.evaluate(findings), [], attack);
  }
  await at('share').click();
  assert.deepEqual(strangers, []);
});

test('typed into the fields it stays text', async (t) => {
  const { page, at } = await open(t);
  for (const attack of ATTACKS.slice(0, 6)) {
    for (const id of ['principal', 'action', 'resource', 'title']) await at(id).fill(attack.replaceAll('\u0000', ''));
    await at('add-context').click();
    await at('context-key').last().fill(attack.replaceAll('\u0000', ''));
    await page.evaluate(() => window.iamPlayground.getReport());
    assert.deepEqual(await page.evaluate(findings), [], attack);
  }
});

test('in an embed: neither its children, nor its `src`, nor its attributes', async (t) => {
  const docs = await site();
  t.after(docs.close);
  const context = await profile(t);
  const strangers = watch(context, docs.address);
  const page = await context.newPage();
  const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('\u0000', '');
  for (const [index, attack] of ATTACKS.entries()) {
    docs.pages[`/evil${index}.json`] = JSON.stringify(full(attack));
    const attributes = ['view', 'theme', 'max-height', 'loading', 'lesson', 'page', 'wasm-src'].map((name) => `${name}="${escape(attack)}"`);
    docs.pages['/doc.html'] = hostPage(`
      <iam-playground loading="eager">${asScript(full(attack))}<pre><code>${escape(attack)}</code></pre></iam-playground>
      <iam-playground loading="eager" src="evil${index}.json"></iam-playground>
      <iam-playground loading="click">${asScript(full(attack))}</iam-playground>
      ${attributes.slice(0, 4).map((one) => `<iam-playground ${one}>${asScript(scenario())}</iam-playground>`).join('')}
      <iam-playground loading="eager" ${attributes[4]}></iam-playground>
      <iam-playground loading="eager" ${attributes[6]}>${asScript(scenario())}</iam-playground>
      <iam-playground loading="eager" ${attributes[5]}>${asScript(scenario())}</iam-playground>
      <iam-playground loading="eager" src="${escape(attack)}"></iam-playground>`);
    await page.goto(`${docs.address}doc.html`);
    await page.locator('iam-playground').nth(1).locator('.iam[data-ready=true]').waitFor();
    await page.waitForTimeout(150);
    assert.deepEqual(await page.evaluate(findings), [], attack);
  }
  assert.deepEqual(strangers, []);
});

test('in a frame: neither its address nor messages', async (t) => {
  const docs = await site({ pages: { '/blank.html': '<!doctype html><title>b</title>' } });
  t.after(docs.close);
  const context = await profile(t);
  const strangers = watch(context, docs.address);
  const page = await context.newPage();
  for (const attack of ATTACKS) {
    const query = new URLSearchParams(['view', 'theme', 'max-height', 'origin', 'readonly'].map((name) => [name, attack]));
    await page.goto(`${docs.address}play/embed.html?${query}#${encodeURIComponent(attack.toWellFormed())}`);
    await page.locator('iam-playground .iam[data-ready=true]').waitFor();
    await page.evaluate((value) => {
      document.querySelector('iam-playground').scenario = value;
      return document.querySelector('iam-playground').evaluate();
    }, full(attack));
    assert.deepEqual(await page.evaluate(findings), [], attack);
  }
  for (const src of ['javascript:window.hacked=1', 'data:application/json,{"title":"x"}', 'https://elsewhere.example/x.json']) {
    await page.goto(`${docs.address}play/embed.html?src=${encodeURIComponent(src)}`);
    await page.locator('iam-playground [part=error]').waitFor();
    assert.deepEqual(await page.evaluate(findings), []);
  }
  assert.deepEqual(strangers, [], 'the policy of the frame keeps it to its own origin');
});

test('a share link is data: script in every field of it, opened in a new tab', async (t) => {
  const docs = await site();
  t.after(docs.close);
  const context = await profile(t, { serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${docs.address}play/`);
  await page.waitForSelector('html[data-ready=true]');
  let before = await page.evaluate(() => location.href);
  for (const attack of ATTACKS.slice(0, 5)) {
    await page.evaluate((value) => window.iamPlayground.setScenario(value), full(attack));
    await page.waitForFunction((before) => location.href !== before, before);
    const link = await page.evaluate(() => location.href);
    before = link;
    const tab = await context.newPage();
    await tab.goto(link);
    await tab.waitForSelector('html[data-ready=true]');
    assert.equal((await tab.evaluate(() => window.iamPlayground.getScenario())).title, attack);
    assert.deepEqual(await tab.evaluate(findings), [], attack);
    await tab.close();
  }
});

test('nor does the address of the page: names of lessons and stages, and what is no link', async (t) => {
  const { page, context } = await open(t, { expectTrouble: /./ });
  const strangers = watch(context, page.url());
  for (const attack of ATTACKS) {
    for (const hash of [`#lesson=${encodeURIComponent(attack.toWellFormed())}`, `#1.AAAA&step=${encodeURIComponent(attack.toWellFormed())}`, `#${attack.toWellFormed()}`]) {
      await page.evaluate((value) => (location.hash = value), hash);
      await page.waitForTimeout(30);
      assert.deepEqual(await page.evaluate(findings), [], hash);
    }
  }
  assert.equal(await page.locator('[data-testid=notice]').first().isVisible(), true);
  assert.deepEqual(strangers, []);
});

test('the policies of page and frame allow only what they need', async (t) => {
  const docs = await site();
  t.after(docs.close);
  const page = await (await profile(t)).newPage();
  for (const path of ['', 'embed.html']) {
    await page.goto(`${docs.address}play/${path}`);
    const policy = await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /base-uri 'none'/);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*|https?:/);
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.hacked = 1';
      document.body.append(script);
      return window.hacked;
    });
    assert.equal(ran, undefined);
  }
});
