// What AWS said, pasted: read, shown, put into the request, taken back.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { open, smallScenario, start, stop } from './harness.mjs';

before(start);
after(stop);

const bob = 'arn:aws:iam::111122223333:user/bob';
const object = 'arn:aws:s3:::reports/q1.pdf';
const WORDINGS = [
  [
    `An error occurred (AccessDenied) when calling the GetObject operation: User: ${bob} is not authorized to perform: s3:GetObject on resource: "${object}" because no identity-based policy allows the s3:GetObject action`,
    { principal: bob, action: 's3:GetObject', resource: object },
    'implicitDeny',
  ],
  [
    `software.amazon.awssdk.services.ec2.model.Ec2Exception: You are not authorized to perform this operation. User: ${bob} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:111122223333:instance/* with an explicit deny in a service\ncontrol policy (Service: Ec2, Status Code: 403)\n\tat x.y(Z.java:1)`,
    { principal: bob, action: 'ec2:RunInstances', resource: 'arn:aws:ec2:us-east-1:111122223333:instance/*' },
    'explicitDeny',
  ],
  ['An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied', { action: 's3:ListBucket' }, undefined],
];

const EVENT = {
  userIdentity: { type: 'IAMUser', principalId: 'AIDA1', arn: bob, accountId: '111122223333', userName: 'bob' },
  eventTime: '2026-01-31T12:00:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'PutObject',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '203.0.113.7',
  userAgent: 'aws-cli/2',
  errorCode: 'AccessDenied',
  errorMessage: 'Access Denied',
  requestParameters: { bucketName: 'reports', key: 'q1.pdf' },
};

for (const [text, request, expect] of WORDINGS) {
  test(`a message becomes the request: ${text.slice(0, 60)}`, async (t) => {
    const { at, put, scenario } = await open(t);
    const before = smallScenario();
    await put(before);
    await at('paste').click();
    assert.equal(await at('paste-put').isDisabled(), true);
    await at('paste-text').fill(text);
    await at('paste-result').locator('.paste-message').waitFor();
    await at('paste-put').click();
    await at('paste-dialog').waitFor({ state: 'detached' });
    const now = await scenario();
    assert.deepEqual(now.request, { ...before.request, ...request });
    assert.equal(now.tests?.[0]?.expect, expect);
    await at('toast').getByText('Undo').click();
    const undone = await scenario();
    assert.deepEqual(undone.request, before.request);
    assert.equal(undone.tests, undefined);
  });
}

test('AWS’s answer as a test tells whether these policies answer the same', async (t) => {
  const { at, decides, put, report } = await open(t);
  await put(smallScenario());
  await at('paste').click();
  await at('paste-text').fill(WORDINGS[0][0]);
  await at('paste-put').click();
  await decides('implicitDeny');
  const [result] = (await report()).tests;
  assert.deepEqual([result.name, result.pass], ['what AWS answered', true]);
});

test('a CloudTrail event becomes the request with its context', async (t) => {
  const { at, page, put, scenario } = await open(t);
  await put(smallScenario());
  await at('paste').focus();
  await page.keyboard.press('Enter');
  await at('paste-text').fill(JSON.stringify({ Records: [EVENT] }, null, 2));
  await page.getByText('a CloudTrail event: s3:PutObject was refused', { exact: false }).waitFor();
  assert.equal(await at('paste-with-test').isVisible(), false, 'it does not say whether a Deny refused it');
  await at('paste-put').click();
  const { request, tests } = await scenario();
  assert.equal(request.resource, object);
  assert.equal(request.context['aws:SourceIp'], '203.0.113.7');
  assert.equal(request.context['aws:CurrentTime'], '2026-01-31T12:00:00Z');
  assert.equal(tests, undefined);
});

test('pasted into the principal or the action, a message opens what it says; anything else is pasted', async (t) => {
  const { at, page, put, scenario } = await open(t);
  await put(smallScenario());
  const paste = (testid, text) =>
    at(testid).evaluate((input, value) => {
      input.focus();
      input.select();
      const data = new DataTransfer();
      data.setData('text/plain', value);
      const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      if (input.dispatchEvent(event)) throw new Error('the browser would paste it itself');
    }, text);
  await paste('action', WORDINGS[0][0]);
  await at('paste-result').getByText(bob).waitFor();
  await page.keyboard.press('Escape');
  await at('paste-dialog').waitFor({ state: 'detached' });
  assert.equal((await scenario()).request.action, 's3:GetObject');
  const service = '{ "Service": "elasticloadbalancing.amazonaws.com" }';
  await paste('principal', service);
  await page.waitForFunction(() => typeof window.iamPlayground.getScenario().request.principal === 'object');
  assert.deepEqual((await scenario()).request.principal, JSON.parse(service));
});

test('an encoded message offers the command, and other text says what was looked for', async (t) => {
  const { at, page } = await open(t, { context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  await at('paste').click();
  const code = 'oGHjS4tVoaR2OzGL7EZWqJ4nN0ZSsCk8RyqY3x'.repeat(3);
  await at('paste-text').fill(`Client.UnauthorizedOperation: Encoded authorization failure message: ${code}`);
  await at('paste-command').click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^aws sts decode-authorization-message .*oGHj/);
  await at('paste-text').fill('hello');
  await at('paste-result').getByText('eventSource', { exact: false }).waitFor();
  assert.equal(await at('paste-put').isDisabled(), true);
});

test('the dialog is accessible, at 320 px too', async (t) => {
  for (const width of [1440, 320]) {
    const { at, page } = await open(t, { context: { viewport: { width, height: 700 } } });
    await at('paste').click();
    await at('paste-text').fill(WORDINGS[0][0]);
    await at('paste-result').locator('.paste-message').waitFor();
    const overflow = await page.evaluate(() => {
      const dialog = document.querySelector('[data-testid=paste-dialog]');
      return dialog.scrollWidth - dialog.clientWidth;
    });
    assert.ok(overflow <= 0, `${overflow} px too wide at ${width} px`);
    await page.evaluate(axeSource);
    const found = await page.evaluate(() => window.axe.run('[data-testid=paste-dialog]'));
    assert.deepEqual(found.violations.map((one) => one.id), []);
  }
});

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const axeSource = require('axe-core').source;
