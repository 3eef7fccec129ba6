// The npm package as its users meet it: packed, installed elsewhere, called from Node.js, type-checked, bundled, and
// its element opened in a browser.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { profile, start, stop } from '../browser/harness.mjs';
import { asScript, scenario, site } from '../browser/hosts.mjs';

const web = fileURLToPath(new URL('../../web/', import.meta.url));
const require = createRequire(join(web, 'package.json'));
const home = mkdtempSync(join(tmpdir(), 'iam-playground-npm-'));
const installed = join(home, 'node_modules/iam-playground');

const run = (program, args, options = {}) => execFileSync(program, args, { cwd: home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options });

/** What it prints, also where it fails. */
function tryRun(program, args) {
  try {
    return { code: 0, text: run(program, args) };
  } catch (error) {
    return { code: error.status, text: `${error.stdout}${error.stderr}` };
  }
}

before(async () => {
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', home], { cwd: join(web, 'package') }));
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', join(home, filename)]);
  await start();
});
after(async () => {
  await stop();
  rmSync(home, { recursive: true, force: true });
});

test('the package has the engine and the small one for the first answer, both licences, and every file that its exports name', () => {
  const description = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  assert.match(description.version, /^\d+\.\d+\.\d+/);
  assert.deepEqual(description.dependencies ?? {}, {});
  assert.equal(description.scripts, undefined);
  const files = readdirSync(installed, { recursive: true }).map(String);
  assert.deepEqual(files.filter((file) => file.endsWith('.wasm')).sort(), ['assets/iam_playground_bg.wasm', 'assets/iam_playground_first_bg.wasm']);
  for (const file of ['LICENSE-APACHE', 'LICENSE-MIT', 'NOTICE', 'README.md', 'third-party-licences.txt']) assert.ok(files.includes(file), file);
  for (const [name, target] of Object.entries(description.exports)) {
    if (typeof target === 'object') assert.equal(Object.keys(target)[0], 'types', `${name} has its types first`);
    for (const file of typeof target === 'string' ? [target] : Object.values(target)) {
      if (!file.includes('*')) assert.ok(files.includes(file.slice(2)), file);
    }
  }
  assert.ok(description.sideEffects.includes('./iam-playground.js'));
  assert.ok(!description.sideEffects.includes('./engine.js'));
  const manifest = JSON.parse(readFileSync(join(installed, description.customElements), 'utf8'));
  for (const { path } of manifest.modules) assert.ok(files.includes(path), path);
});

test('in Node.js the engine decides, with and without `init`', () => {
  writeFileSync(
    join(home, 'node.js'),
    `import init, { evaluate, load, version } from 'iam-playground/engine';
     import { readFileSync } from 'node:fs';
     const report = evaluate(${JSON.stringify(scenario())});
     await init();
     load('services', readFileSync(new URL(import.meta.resolve('iam-playground/data/services.txt')), 'utf8'));
     const denied = evaluate({ ...${JSON.stringify(scenario())}, policies: [] });
     console.log(JSON.stringify([report.decision, report.reason.message, denied.decision, version(), evaluate({}).decision]));`,
  );
  const [decision, message, denied, version, empty] = JSON.parse(run(process.execPath, ['node.js']));
  assert.equal(decision, 'allowed');
  assert.match(message, /allows `s3:GetObject`/);
  assert.equal(denied, 'implicitDeny');
  assert.match(version, /^\d/);
  assert.equal(empty, null);
});

test('a consumer is type-checked, and a mistake is found', () => {
  const tsc = join(web, 'node_modules/typescript/bin/tsc');
  const compile = (name, code, resolution) => {
    writeFileSync(join(home, `${name}.ts`), code);
    return tryRun(process.execPath, [tsc, '--noEmit', '--strict', '--target', 'es2022', '--module', resolution === 'bundler' ? 'esnext' : 'nodenext', '--moduleResolution', resolution, '--lib', 'es2022,dom,dom.iterable', '--types', '', `${name}.ts`]);
  };
  const good = `
    import { IamPlayground } from 'iam-playground';
    import init, { evaluate, type Scenario } from 'iam-playground/engine';
    const scenario: Scenario = { request: { principal: '111122223333', action: 's3:GetObject', resource: '*' }, policies: [{ kind: 'identity', document: '{}' }] };
    await init();
    const decision: 'allowed' | 'implicitDeny' | 'explicitDeny' | null = evaluate(scenario).decision;
    const element = document.createElement('iam-playground');
    element.scenario = scenario;
    element.addEventListener('iam-result', ({ detail }) => console.log(detail.report.reason.message, decision));
    IamPlayground.registerLessons(async (id) => ({ scenario: { ...scenario, title: id } }));
    const link: string = await (await element.ready).shareUrl();
    console.log(link, element.report?.decision);
  `;
  for (const resolution of ['bundler', 'nodenext']) {
    const { code, text } = compile('good', good, resolution);
    assert.equal(code, 0, text);
    const bad = compile('bad', good.replace("kind: 'identity'", "kind: 'identiy'").replace('.reason.message', '.reason.sentence'), resolution);
    assert.notEqual(bad.code, 0);
    assert.match(bad.text, /identiy/);
    assert.match(bad.text, /sentence/);
  }
});

/** Opens what was bundled into a folder. */
async function opened(t, folder, head, { wasm = '' } = {}) {
  const server = await site({ folder, pages: { '/doc.html': `<!doctype html><title>d</title>${head}<iam-playground${wasm}>${asScript(scenario())}</iam-playground>` } });
  t.after(server.close);
  const page = await (await profile(t)).newPage();
  page.setDefaultTimeout(10_000);
  await page.addInitScript(() => document.addEventListener('iam-ready', (event) => (window.mode = event.detail.mode)));
  await page.goto(`${server.address}doc.html`);
  await page.locator('iam-playground .iam[data-ready=true]').waitFor();
  assert.equal(await page.locator('iam-playground').getByTestId('decision').getAttribute('data-decision'), 'allowed');
  return { page, server, mode: await page.evaluate(() => window.mode) };
}

test('the element as it is, without a bundler', async (t) => {
  const { mode } = await opened(t, installed, '<script type="module" src="/play/iam-playground.js"></script>');
  assert.equal(mode, 'worker');
});

test('bundled with esbuild: with the assets beside it, the worker runs', async (t) => {
  const esbuild = require('esbuild');
  const out = join(home, 'out');
  writeFileSync(join(home, 'entry.js'), "import 'iam-playground';\nimport 'iam-playground/iam-playground.css';\n");
  const result = await esbuild.build({ absWorkingDir: home, entryPoints: ['entry.js'], outdir: out, bundle: true, splitting: true, format: 'esm', metafile: true, logLevel: 'silent' });
  assert.deepEqual(result.warnings, []);
  // Its chunks name the worker beside themselves.
  cpSync(join(installed, 'assets'), out, { recursive: true });
  const { mode } = await opened(t, out, '<link rel="stylesheet" href="/play/entry.css"><script type="module" src="/play/entry.js"></script>');
  assert.equal(mode, 'worker');
});

test('bundled with esbuild and only `wasm-src`: the engine runs on the page', async (t) => {
  const esbuild = require('esbuild');
  const out = join(home, 'alone');
  mkdirSync(out);
  await esbuild.build({ absWorkingDir: home, entryPoints: ['entry.js'], outdir: out, bundle: true, splitting: true, format: 'esm', logLevel: 'silent' });
  cpSync(join(installed, 'assets/iam_playground_bg.wasm'), join(out, 'engine.wasm'));
  const { mode } = await opened(t, out, '<script type="module" src="/play/entry.js"></script>', { wasm: ' wasm-src="/play/engine.wasm"' });
  assert.equal(mode, 'page');
});

test('an import of the engine alone takes no element along', async () => {
  const esbuild = require('esbuild');
  writeFileSync(join(home, 'engine-only.js'), "import { version } from 'iam-playground/engine';\nimport * as unused from 'iam-playground/engine';\nconsole.log(version);\n");
  const result = await esbuild.build({ absWorkingDir: home, entryPoints: ['engine-only.js'], bundle: true, format: 'esm', write: false, minify: true, logLevel: 'silent' });
  const text = result.outputFiles[0].text;
  assert.ok(text.length < 20_000, `${text.length} bytes`);
  assert.ok(!text.includes('attachShadow'));
});
