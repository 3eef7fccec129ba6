// The evaluation drawn: the way of the request, walking along it, and the same by keyboard and in a link.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

const USER = 'arn:aws:iam::111122223333:user/alice';
const document = (...statements) => ({ Version: '2012-10-17', Statement: statements });
const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' };
const bucketPolicy = (principal) => ({
  kind: 'resource',
  name: 'bucket',
  document: document({ Effect: 'Allow', Principal: { AWS: principal }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }),
});

/** What is lit: the stages the request came to, and the lines it took. */
function lit(page) {
  return page.evaluate(() => {
    const all = (selector) => [...document.querySelectorAll(`[data-testid=flow] ${selector}`)];
    return {
      stages: all('[data-stage][data-reached=true]').map((node) => node.dataset.stage),
      lines: all('.flow-edge[data-lit=true]').map((edge) => `${edge.dataset.from} ${edge.dataset.to}`),
      results: all('.flow-result[data-reached=true]').map((node) => node.dataset.node),
      columns: all('.flow-heading').map((heading) => heading.textContent),
    };
  });
}

const ORDER = ['explicitDeny', 'rcp', 'scp', 'vpcEndpoint', 'resource', 'identity', 'permissionsBoundary', 'session'];

test('an allowed request comes through all stages to “Allowed”', async (t) => {
  const { at, page, put } = await open(t);
  await put(smallScenario());
  const stages = await at('flow').locator('[data-stage][role=button]').evaluateAll((nodes) => nodes.map((node) => ({ ...node.dataset })));
  assert.deepEqual(stages.map(({ stage }) => stage), ORDER);
  assert.deepEqual(stages.filter(({ decisive }) => decisive === 'true').map(({ stage }) => stage), ['identity']);
  assert.equal(stages.find(({ stage }) => stage === 'scp').outcome, 'notApplicable');
  const way = await lit(page);
  assert.deepEqual(way.stages, ORDER);
  assert.deepEqual(way.results, ['allowed']);
  assert.deepEqual(new Set(way.lines), new Set(['start', ...ORDER].map((from, index) => `${from} ${[...ORDER, 'allowed'][index]}`)));
  assert.deepEqual(way.columns, []);
});

test('a refused request leaves where it was refused', async (t) => {
  const { at, decides, page, put } = await open(t);
  await put(smallScenario({ policies: [] }));
  await decides('implicitDeny');
  let way = await lit(page);
  assert.deepEqual(way.stages, ORDER.slice(0, 6));
  assert.deepEqual(way.results, ['denied']);
  assert.ok(way.lines.includes('identity denied'));
  assert.ok(!way.lines.includes('identity permissionsBoundary'));
  await put(smallScenario({ policies: [{ kind: 'identity', name: 'No', document: document({ ...allowAll, Effect: 'Deny' }) }] }));
  await decides('explicitDeny');
  way = await lit(page);
  assert.deepEqual([way.stages, way.lines], [['explicitDeny'], ['start explicitDeny', 'explicitDeny denied']]);
  assert.equal(await at('flow').locator('[data-stage=identity]').getAttribute('data-reached'), 'false');
});

test('a grant to the caller by the resource’s policy leads past the other stages', async (t) => {
  const { page, put } = await open(t);
  await put(smallScenario({ policies: [bucketPolicy(USER)] }));
  const way = await lit(page);
  assert.deepEqual(way.stages, ORDER.slice(0, 5));
  assert.ok(way.lines.includes('resource allowed'));
  assert.ok(!way.lines.includes('resource identity'));
});

test('a caller of another account gets two columns that both must allow', async (t) => {
  const { decides, page, put } = await open(t);
  const scenario = smallScenario({ policies: [bucketPolicy(USER), { kind: 'identity', name: 'Own', document: document(allowAll) }] });
  scenario.request.resourceAccount = '444455556666';
  await put(scenario);
  await decides('allowed');
  let way = await lit(page);
  assert.deepEqual(way.columns, ['Caller’s account', 'Resource’s account']);
  assert.ok(['resource join', 'session join', 'join allowed', 'identity permissionsBoundary'].every((line) => way.lines.includes(line)));
  assert.deepEqual(way.results, ['allowed']);
  const column = (stage) => page.locator(`.flow-stage[data-stage=${stage}]`).boundingBox();
  assert.ok((await column('resource')).x > (await column('identity')).x + 100);
  scenario.policies.shift();
  await put(scenario);
  await decides('implicitDeny');
  way = await lit(page);
  assert.ok(way.lines.includes('resource denied'));
  assert.deepEqual(way.results, ['denied']);
});

test('walking along: the slider, the buttons, the keys, and what is said of each stage', async (t) => {
  const { at, page, put, report } = await open(t);
  await put(smallScenario());
  const { steps } = await report();
  const slider = at('flow-slider');
  assert.equal(await slider.inputValue(), '8');
  assert.equal(await page.getByRole('button', { name: 'On to the next stage' }).isDisabled(), true);
  await page.getByRole('button', { name: 'Back to the stage before' }).click();
  assert.match(await at('flow-stage').innerText(), /Session policies/);
  await slider.focus();
  await page.keyboard.press('Home');
  assert.match(await slider.getAttribute('aria-valuetext'), /stage 1 of 8, Explicit deny/);
  assert.deepEqual((await lit(page)).stages, ['explicitDeny']);
  assert.deepEqual((await lit(page)).results, []);
  for (const step of steps) {
    const words = await at('flow-stage').innerText();
    assert.ok(words.includes(step.title), words);
    assert.ok(words.toLowerCase().includes(step.message.replaceAll('`', '').toLowerCase()), words);
    assert.equal(await at('flow').getByRole('button', { name: step.title, pressed: true }).count(), 1);
    await page.keyboard.press('ArrowRight');
  }
  assert.deepEqual((await lit(page)).results, ['allowed']);
  await page.locator('body').press(',');
  assert.equal(await slider.inputValue(), '7');
  await page.locator('body').press('.');
  assert.equal(await slider.inputValue(), '8');
});

test('a stage is a control: looking at it and choosing it marks its statements', async (t) => {
  const { at, page, put } = await open(t);
  const scenario = smallScenario();
  scenario.policies.push({ kind: 'identity', name: 'Second', document: document(allowAll) });
  await put(scenario);
  const stage = at('flow').getByRole('button', { name: /Stage 6, Identity-based policies: allows, decided here/ });
  await stage.focus();
  await page.waitForSelector('[data-name=Read] .iam-pointed');
  await page.waitForSelector('[data-name=Second] .iam-pointed');
  assert.doesNotMatch((await page.locator('.iam-pointed').allInnerTexts()).join(''), /Lists/);
  assert.equal(await at('flow-slider').inputValue(), '8');
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('.iam-pointed', { state: 'detached' });
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  assert.equal(await at('flow-slider').inputValue(), '5');
  assert.equal(await stage.getAttribute('aria-pressed'), 'true');
  await page.keyboard.press('Tab');
  await page.waitForSelector('.iam-pointed', { state: 'detached' });
  await at('share').focus();
  await page.waitForSelector('[data-name=Read] .iam-pointed');
});

test('the stage is kept in the link', async (t) => {
  const { at, page, put, scenario } = await open(t);
  await put(smallScenario());
  await at('flow').locator('[data-stage=identity]').click();
  const before = await page.evaluate(() => location.hash);
  await page.waitForFunction((old) => location.hash !== old, before);
  const kept = await scenario();
  const link = await page.evaluate(() => location.hash);
  const other = await open(t, { path: link });
  assert.deepEqual(await other.scenario(), kept);
  assert.equal(await other.at('flow-slider').inputValue(), '5');
  assert.match(await other.at('flow-stage').innerText(), /Identity-based policies/);
  // Another scenario begins at its result, and nothing of the view gets into the scenario.
  await other.put(smallScenario({ policies: [] }));
  assert.equal(await other.at('flow-slider').inputValue(), '8');
});

test('the drawing fits a small phone and follows larger type', async (t) => {
  const { at, page, put } = await open(t, { context: { viewport: { width: 320, height: 700 } } });
  const scenario = smallScenario({ policies: [bucketPolicy(USER)] });
  await put(scenario);
  const fits = () =>
    page.evaluate(() => {
      const frame = document.querySelector('.flow-drawing').getBoundingClientRect();
      const outside = [...document.querySelectorAll('.flow-drawing text')].filter((text) => {
        const box = text.getBoundingClientRect();
        const own = text.closest('.flow-node')?.querySelector('.flow-box').getBoundingClientRect() ?? frame;
        return box.left < own.left - 0.5 || box.right > own.right + 0.5;
      });
      return { outside: outside.map((text) => text.textContent), scrolls: document.documentElement.scrollWidth > innerWidth };
    });
  assert.deepEqual(await fits(), { outside: [], scrolls: false });
  scenario.request.resourceAccount = '444455556666';
  await put(scenario);
  assert.deepEqual(await fits(), { outside: [], scrolls: false });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.waitForTimeout(100);
  const before = (await at('flow').locator('[data-stage=scp]').boundingBox()).height;
  await page.evaluate(() => (document.documentElement.style.fontSize = '24px'));
  await page.waitForTimeout(100);
  const after = (await at('flow').locator('[data-stage=scp]').boundingBox()).height;
  assert.ok(after > before * 1.3, `${before} ${after}`);
  assert.deepEqual((await fits()).outside, []);
});

test('what a stage is can be asked', async (t) => {
  const { at, put } = await open(t);
  await put(smallScenario());
  await at('flow').locator('[data-stage=permissionsBoundary]').click();
  await at('glossary').click();
  await at('glossary-entry').waitFor();
  assert.match(await at('glossary-entry').innerText(), /Permissions boundary.*ceiling/);
  assert.equal(await at('glossary-entry').getAttribute('id'), 'glossary-permissions-boundary');
  const more = await at('glossary-entry').getByRole('link', { name: 'Lessons about it' }).getAttribute('href');
  assert.match(more, /\/glossary\.html#permissions-boundary$/);
  assert.match(await (await fetch(more)).text(), /<section id="permissions-boundary">/);
  await at('glossary').click();
  await at('glossary-entry').waitFor({ state: 'detached' });
});

test('an answer that changes nothing redraws nothing', async (t) => {
  const { at, page, put, report } = await open(t);
  await put(smallScenario());
  await page.evaluate(() => {
    window.changes = 0;
    new MutationObserver((records) => (window.changes += records.length)).observe(document.querySelector('.flow-drawing'), {
      subtree: true,
      childList: true,
      attributes: true,
    });
  });
  await at('resource').press('End');
  await page.keyboard.type('x');
  await report();
  assert.equal(await page.evaluate(() => window.changes), 0);
});

test('the drawing stays where it is, whatever is told of a stage', async (t) => {
  for (const width of [1440, 360]) {
    const { at, page, put } = await open(t, { context: { viewport: { width, height: 900 } } });
    await put(smallScenario({ policies: [...smallScenario().policies, bucketPolicy('arn:aws:iam::111122223333:role/other')] }));
    // Within its region: AWS’s data, still on its way, adds to the request above.
    const top = () => page.locator('.flow-drawing').evaluate((drawing) => {
      const region = drawing.closest('.region');
      return Math.round(drawing.getBoundingClientRect().top - region.getBoundingClientRect().top + region.scrollTop);
    });
    const before = await top();
    for (const stage of ORDER) {
      const node = at('flow').locator(`.flow-stage[data-stage=${stage}]`);
      await node.hover();
      await page.waitForSelector(`[data-testid=flow-stage][data-stage=${stage}]`);
      assert.equal(await top(), before, `pointing at ${stage}, ${width} wide`);
      await node.click();
      assert.equal(await top(), before, `at ${stage}, ${width} wide`);
    }
    await at('flow-slider').press('End');
    await at('flow-slider').hover();
    await page.waitForSelector('[data-testid=flow-stage][data-stage=result]');
    assert.equal(await top(), before, `at the result, ${width} wide`);
  }
});
