// Bundles the page: web/src, web/examples and the engine in web/pkg become a static site in web/dist, with the embed
// beside it, and the npm package in web/package. Run by `cargo xtask build`, which makes web/pkg first.
// The rules, so that the sources stay plain:
//
// - Every `src/*.html` becomes a page. What it refers to by `src="…"` or `href="…"` and finds beside itself
//   (`main.js`, `styles.css`) is bundled and gets a content-hashed name in `assets/`. What a module imports at once is
//   named in the page too, so that it is fetched beside the module and not after it.
// - `new URL('./relative/file', import.meta.url)` in a module is followed: a script (a worker, say) is bundled
//   as an entry of its own, anything else (the engine's .wasm, a JSON file) is copied under a hashed name.
// - `src/embed/element.js` becomes `iam-playground.js`, which other people's pages name; `src/service-worker.js` keeps
//   its name too, as it must, and is told which files the page needs when it is offline.
// - `src/static/**` is copied as it is.
// - Where a page says `<!-- glossary -->` it gets the terms of docs/glossary.md.
// - `tests/cases/*.json` are gathered into `cases.json` beside the page, which `?selftest` runs.
// - `examples/*.json`, in the order of their names, are gathered into `pkg/examples.json`, an array of
//   `{ "id": FILE NAME WITHOUT .json, …the file }`; a page takes it by
//   `new URL('../pkg/examples.json', import.meta.url)`.
// - `pkg/lessons.json` holds the lessons; `cargo xtask build` makes it of the folders in `lessons`.
//
// All addresses are relative: the site works under any path.
//
// node web/build.mjs [--dev] [--manifest FILE]
//   --dev       readable output with source maps
//   --manifest  writes which files each page loads at once, for `cargo xtask size`
// @ts-check

import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { BuildError, createBundler } from './build/bundler.mjs';
import { buildPackage } from './build/package.mjs';
import { glossary } from './glossary.mjs';

const web = dirname(fileURLToPath(import.meta.url));
const src = join(web, 'src');
const pkg = join(web, 'pkg');
const dist = join(web, 'dist');
// The new site is made beside the old one and takes its place when it is whole.
const staging = join(web, `.dist-${process.pid}`);

const { values: options } = parseArgs({
  options: { dev: { type: 'boolean', default: false }, manifest: { type: 'string' } },
});

const site = createBundler({ web, out: staging, dev: options.dev });
const embed = createBundler({ web, out: staging, dev: options.dev, define: { PLAYGROUND_PAGE: '"./"' } });

/** Files that keep their names, because others know them by it. */
const NAMED = ['iam-playground.js', 'iam-playground.css'];

/**
 * The JSON files of a folder in the order of their names, each an object, with its name in front.
 * @param {string} folder
 * @param {'id' | 'file'} key
 */
async function gather(folder, key) {
  const names = existsSync(folder) ? (await readdir(folder)).filter((name) => name.endsWith('.json')).sort() : [];
  const files = [];
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8');
    try {
      files.push({ [key]: key === 'id' ? basename(name, '.json') : name, ...JSON.parse(text) });
    } catch (error) {
      throw new BuildError(`${basename(folder)}/${name} is not JSON: ${error instanceof Error ? error.message : error}`);
    }
  }
  return JSON.stringify(files);
}

/** Makes one page. @param {string} file @returns what it loads at once */
async function page(file) {
  const bundler = basename(file) === 'embed.html' ? embed : site;
  const html = await readFile(file, 'utf8');
  /** @type {Set<string>} */
  const initial = new Set([basename(file)]);
  let output = '';
  let end = 0;
  for (const match of html.matchAll(/(?<=\s(?:src|href)=")(?!#|\/|[a-z][a-z0-9+.-]*:)[^"?#]+(?=")/g)) {
    const reference = match[0];
    const source = resolve(src, reference);
    const isPage = source.endsWith('.html') && existsSync(source);
    if (isPage || NAMED.includes(reference) || existsSync(join(src, 'static', reference))) {
      if (!isPage) initial.add(reference);
      continue;
    }
    if (!existsSync(source)) {
      throw new BuildError(`${relative(web, file)} names ${reference}, which is neither in src nor in src/static`);
    }
    const name = await bundler.emit(source);
    for (const asset of bundler.loads.get(name) ?? [name]) initial.add(`assets/${asset}`);
    output += `${html.slice(end, match.index)}assets/${name}`;
    end = match.index + reference.length;
  }
  output += html.slice(end);
  // Without these a browser learns of a script's imports only when the script has come.
  output = output.replace(/^( *)<script type="module" src="assets\/([^"]+)"><\/script>\n/gm, (line, space, script) =>
    line + [...(bundler.imports.get(script) ?? [])].map((name) => `${space}<link rel="modulepreload" href="assets/${name}">\n`).join(''),
  );
  if (output.includes('<!-- glossary -->')) {
    output = output.replace('<!-- glossary -->', () => glossary(join(web, '../docs/glossary.md')));
  }
  await writeFile(join(staging, basename(file)), output);
  return [...initial].sort();
}

/**
 * The service worker, which knows what the full page consists of. AWS's data is not fetched in advance: it is kept
 * once it was used.
 */
async function serviceWorker() {
  const files = ['./', 'glossary.html', ...[...site.files].filter((file) => !/\.(?:txt|map)$/.test(file)).sort()];
  const hash = createHash('sha256');
  for (const page of ['index.html', 'glossary.html']) hash.update(await readFile(join(staging, page)));
  for (const file of files) hash.update(file);
  await esbuild.build({
    absWorkingDir: web,
    entryPoints: ['src/service-worker.js'],
    outfile: join(staging, 'service-worker.js'),
    bundle: true,
    target: 'es2022',
    minify: !options.dev,
    define: { PRECACHED: JSON.stringify(files), BUILD: JSON.stringify(hash.digest('hex').slice(0, 12)) },
  });
}

/** The licences of the packages and crates whose code the site carries, as those licences ask. */
async function licences() {
  let text = 'This site contains code of these packages and crates.\n';
  for (const name of [...new Set([...site.packages, ...embed.packages])].sort()) {
    const folder = join(web, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const words = file ? (await readFile(join(folder, file), 'utf8')).trim() : '';
    text += `\n${'='.repeat(72)}\n${name} ${version} (${license})\n\n${words}\n`;
  }
  const crates = await readFile(join(pkg, 'licences.txt'), 'utf8');
  await writeFile(join(staging, 'third-party-licences.txt'), text + crates);
}

async function main() {
  if (!existsSync(src)) throw new BuildError('there is no web/src');
  for (const name of ['iam_playground.js', 'iam_playground_bg.wasm', 'licences.txt']) {
    if (!existsSync(join(pkg, name))) throw new BuildError(`pkg/${name} is missing; \`cargo xtask build\` makes it`);
  }
  await mkdir(join(staging, 'assets'), { recursive: true });
  await writeFile(join(pkg, 'examples.json'), await gather(join(web, 'examples'), 'id'));
  await writeFile(join(staging, 'cases.json'), await gather(join(web, '../tests/cases'), 'file'));
  if (existsSync(join(src, 'static'))) await cp(join(src, 'static'), staging, { recursive: true });
  const pages = (await readdir(src)).filter((name) => name.endsWith('.html')).sort();
  if (!pages.includes('index.html')) throw new BuildError('there is no web/src/index.html');
  /** @type {Record<string, string[]>} */
  const manifest = {};
  for (const name of pages) manifest[name] = await page(join(src, name));
  await embed.bundleAs(join(src, 'embed/element.js'), 'iam-playground.js');
  for (const name of ['iam-playground.css', 'iam-playground-loader.js']) await cp(join(src, 'embed', name), join(staging, name));
  await serviceWorker();
  await licences();
  await buildPackage({ web, dev: options.dev, licences: join(staging, 'third-party-licences.txt') });
  await rm(dist, { recursive: true, force: true });
  await rename(staging, dist);
  if (options.manifest) await writeFile(options.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  const failure = /** @type {esbuild.BuildFailure} */ (error);
  if (failure.errors) {
    const messages = failure.errors.map((message) =>
      // What a plugin threw is reported with its own words, not with where in the plugin it was thrown.
      message.detail instanceof BuildError ? { ...message, notes: [], location: null } : message,
    );
    console.error((await esbuild.formatMessages(messages, { kind: 'error' })).join('').trim());
  } else {
    console.error(error instanceof BuildError ? `error: ${error.message}` : error);
  }
  process.exitCode = 1;
} finally {
  await rm(staging, { recursive: true, force: true });
}
