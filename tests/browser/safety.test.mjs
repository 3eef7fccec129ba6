// Nothing typed leaves the page, and nothing typed becomes anything but text.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, pageAddress, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

test('no request leaves the origin, and none carries what was typed', async (t) => {
  const { at, page, pick, put, requests } = await open(t, { context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  await pick('03-explicit-deny-wins');
  await put(smallScenario());
  await page.waitForSelector('html[data-offline]', { state: 'attached' });
  const loaded = requests.length;
  await at('action').fill('s3:SecretThing');
  await at('add-policy').click();
  await at('share').click();
  await at('add-test').click();
  await page.waitForTimeout(800);
  const { origin } = new URL(pageAddress());
  assert.deepEqual(requests.filter((url) => new URL(url).origin !== origin && !url.startsWith('data:') && !url.startsWith('blob:')), []);
  // What helps while one edits comes in when it is first needed: files of the page, the same for everyone.
  const { assets } = await page.evaluate(() => ({ assets: new URL('assets/', document.baseURI).href }));
  const asked = requests.slice(loaded).filter((url) => !(url.startsWith(assets) && /^[\w.-]+-[A-Z0-9]{8}\.\w+$/.test(url.slice(assets.length))));
  assert.deepEqual(asked, [], 'editing asks nobody');
});

test('the content security policy forbids what the page does not need, and nothing runs against it', async (t) => {
  const { page, put } = await open(t, {
    script: () => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
    },
  });
  await put(smallScenario());
  await page.locator('.cm-content').first().click();
  await page.keyboard.press('Control+f');
  await page.waitForSelector('.cm-search');
  assert.deepEqual(await page.evaluate(() => window.violations), []);
  const policy = await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*/);
});

test('markup in titles, names, texts and messages stays text', async (t) => {
  const evil = '<img src=x onerror="window.hacked = 1"><script>window.hacked = 1</script>';
  const { page, put, scenario } = await open(t);
  await put({
    title: evil,
    description: `${evil} [click](javascript:window.hacked=1) [data](data:text/html,x) \`${evil}\` **${evil}**`,
    request: { principal: evil, action: evil, resource: evil, resourceAccount: evil, context: { [evil]: evil, list: [evil] } },
    policies: [
      {
        kind: 'identity',
        name: evil,
        via: evil,
        document: {
          Version: '2012-10-17',
          Statement: [{ Sid: evil, Effect: evil, Action: [evil, 's3:*'], Resource: evil, Condition: { [evil]: { [evil]: evil } }, [evil]: evil }],
        },
      },
      { kind: evil, name: 'odd kind', document: evil },
    ],
    organization: { managementAccount: evil, scpLevels: [evil] },
    tests: [{ name: evil, request: { action: evil }, expect: evil }],
    [evil]: evil,
  });
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.locator('body script').count(), 0);
  assert.deepEqual(
    await page.locator('#scenario-description a').evaluateAll((links) => links.map((link) => link.href)),
    [],
  );
  assert.equal((await scenario()).policies[0].name, evil);
});

test('what is no scenario is refused without a change', async (t) => {
  const { page, put, scenario } = await open(t);
  await put(smallScenario());
  const before = await scenario();
  for (const value of [null, 'text', [], { policies: {} }, { policies: [1] }, { request: 5 }, { tests: [null] }]) {
    const refused = await page.evaluate((junk) => {
      try {
        window.iamPlayground.setScenario(junk);
        return false;
      } catch {
        return true;
      }
    }, value);
    assert.equal(refused, true, JSON.stringify(value));
  }
  assert.deepEqual(await scenario(), before);
});

test('a scenario full of wrong types is shown, said to be wrong, and can be mended', async (t) => {
  const { at, decides, put, report } = await open(t);
  await put({
    version: 99,
    request: { principal: 5, action: ['s3:GetObject'], resource: {}, context: [] },
    policies: [{ kind: 7, name: {}, document: 12 }],
    tests: [{ request: 'x', expect: 4 }],
  });
  await decides('none');
  assert.ok((await report()).diagnostics.length > 0);
  await put(smallScenario());
  await decides('allowed');
  assert.equal(await at('policy').count(), 1);
});

test('the self-test runs every case and example through this page’s engine', async (t) => {
  const { page } = await open(t, { path: '?selftest' });
  const box = page.getByTestId('selftest');
  await page.waitForSelector('[data-testid=selftest][data-state=done]', { timeout: 60_000 });
  const text = await box.innerText();
  const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(text);
  assert.ok(Number(passed) > 1000, text);
  assert.equal(Number(failed), 0, text);
});
