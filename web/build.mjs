// Bundles the page: web/src, web/examples and the engine in web/pkg become a static site in web/dist.
// Run by `cargo xtask build`, which makes web/pkg first. The rules, so that the sources stay plain:
//
// - Every `src/*.html` becomes a page. What it refers to by `src="…"` or `href="…"` and finds beside itself
//   (`main.js`, `styles.css`) is bundled and gets a content-hashed name in `assets/`.
// - `new URL('./relative/file', import.meta.url)` in a module is followed: a script (a worker, say) is bundled
//   as an entry of its own, anything else (the engine's .wasm, a JSON file) is copied under a hashed name.
// - `src/static/**` is copied as it is.
// - Where a page says `<!-- glossary -->` it gets the terms of docs/glossary.md.
// - `tests/cases/*.json` are gathered into `cases.json` beside the page, which `?selftest` runs.
// - `examples/*.json`, in the order of their names, are gathered into `pkg/examples.json`, an array of
//   `{ "id": FILE NAME WITHOUT .json, …the file }`; a page takes it by
//   `new URL('../pkg/examples.json', import.meta.url)`.
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
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { glossary } from './glossary.mjs';

const web = dirname(fileURLToPath(import.meta.url));
const src = join(web, 'src');
const pkg = join(web, 'pkg');
const dist = join(web, 'dist');
// The new site is made beside the old one and takes its place when it is whole.
const staging = join(web, `.dist-${process.pid}`);
const assets = join(staging, 'assets');

const { values: options } = parseArgs({
  options: { dev: { type: 'boolean', default: false }, manifest: { type: 'string' } },
});

/** A failure that the message alone explains. */
class BuildError extends Error {}

/** @type {Map<string, Promise<string>>} source file -> its name in `assets/` */
const emitted = new Map();
/** @type {Map<string, Set<string>>} a script in `assets/` -> what it loads at once, itself included */
const loads = new Map();
/** @type {Map<string, Set<string>>} source module -> the assets it names by `new URL` */
const mentions = new Map();
/** @type {Set<string>} packages whose code is in the bundle */
const packages = new Set();

const SCRIPT = /\.(?:m?js)$/;
const ASSET_URL = /new URL\(\s*(['"])((?!\/|[a-z][a-z0-9+.-]*:)[^'"`]+)\1\s*,\s*import\.meta\.url\s*\)/g;

/** Puts a source file into `assets/`, once, and says under which name. @param {string} file */
function emit(file) {
  const known = emitted.get(file);
  if (known) return known;
  const made = SCRIPT.test(file) || file.endsWith('.css') ? bundle(file) : copy(file);
  emitted.set(file, made);
  return made;
}

/** @param {string} file */
async function copy(file) {
  const content = await readFile(file);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8).toUpperCase();
  const extension = extname(file);
  const name = `${basename(file, extension)}-${hash}${extension}`;
  await writeFile(join(assets, name), content);
  return name;
}

/** Bundles one entry point. @param {string} entry */
async function bundle(entry) {
  const result = await esbuild.build({
    absWorkingDir: web,
    entryPoints: [entry],
    outdir: assets,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    format: 'esm',
    splitting: true,
    target: 'es2022',
    minify: !options.dev,
    sourcemap: options.dev ? 'linked' : false,
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    loader: { '.svg': 'file', '.png': 'file', '.woff2': 'file' },
    plugins: [assetUrls],
  });
  for (const warning of result.warnings) {
    console.error((await esbuild.formatMessages([warning], { kind: 'warning' })).join(''));
  }
  const outputs = result.metafile.outputs;
  for (const input of Object.keys(result.metafile.inputs)) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found?.[1]) packages.add(found[1]);
  }
  const main = Object.keys(outputs).find((path) => outputs[path]?.entryPoint);
  if (!main) throw new BuildError(`${entry} gave no output`);
  for (const path of Object.keys(outputs)) loads.set(basename(path), closure(path, outputs));
  return basename(main);
}

/**
 * What loading one output loads at once: its static imports, their assets, and theirs.
 * @param {string} start
 * @param {esbuild.Metafile['outputs']} outputs
 */
function closure(start, outputs) {
  /** @type {Set<string>} */
  const all = new Set();
  /** @param {string} path */
  const walk = (path) => {
    const name = basename(path);
    if (all.has(name)) return;
    all.add(name);
    const output = outputs[path];
    for (const next of output?.imports ?? []) {
      if (!next.external && next.kind !== 'dynamic-import') walk(next.path);
    }
    for (const input of Object.keys(output?.inputs ?? {})) {
      for (const asset of mentions.get(resolve(web, input)) ?? []) {
        all.add(asset);
        for (const more of loads.get(asset) ?? []) all.add(more);
      }
    }
  };
  walk(start);
  return all;
}

/** Follows `new URL('…', import.meta.url)` in our own modules and in the engine's. @type {esbuild.Plugin} */
const assetUrls = {
  name: 'asset-urls',
  setup(build) {
    build.onLoad({ filter: SCRIPT }, async ({ path }) => {
      if (path.includes(`${sep}node_modules${sep}`)) return undefined;
      const text = await readFile(path, 'utf8');
      /** @type {Set<string>} */
      const found = new Set();
      mentions.set(path, found);
      let contents = '';
      let end = 0;
      for (const match of text.matchAll(ASSET_URL)) {
        const before = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
        if (/^\s*(?:\/\/|\*|\/\*)/.test(before)) continue;
        const file = resolve(dirname(path), match[2] ?? '');
        if (!existsSync(file)) {
          const line = text.slice(0, match.index).split('\n').length;
          throw new BuildError(`${relative(web, path)}:${line} names ${match[2]}, which is not there`);
        }
        const name = await emit(file);
        found.add(name);
        contents += `${text.slice(end, match.index)}new URL('./${name}', import.meta.url)`;
        end = match.index + match[0].length;
      }
      return { contents: contents + text.slice(end), loader: 'js' };
    });
  },
};

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
  const html = await readFile(file, 'utf8');
  /** @type {Set<string>} */
  const initial = new Set([basename(file)]);
  let output = '';
  let end = 0;
  for (const match of html.matchAll(/(?<=\s(?:src|href)=")(?!#|\/|[a-z][a-z0-9+.-]*:)[^"?#]+(?=")/g)) {
    const reference = match[0];
    const source = resolve(src, reference);
    const isPage = source.endsWith('.html') && existsSync(source);
    if (isPage || existsSync(join(src, 'static', reference))) {
      if (!isPage) initial.add(reference);
      continue;
    }
    if (!existsSync(source)) {
      throw new BuildError(`${relative(web, file)} names ${reference}, which is neither in src nor in src/static`);
    }
    const name = await emit(source);
    for (const asset of loads.get(name) ?? [name]) initial.add(`assets/${asset}`);
    output += `${html.slice(end, match.index)}assets/${name}`;
    end = match.index + reference.length;
  }
  output += html.slice(end);
  if (output.includes('<!-- glossary -->')) {
    output = output.replace('<!-- glossary -->', () => glossary(join(web, '../docs/glossary.md')));
  }
  await writeFile(join(staging, basename(file)), output);
  return [...initial].sort();
}

/** The licences of the packages and crates whose code the site carries, as those licences ask. */
async function licences() {
  let text = 'This site contains code of these packages and crates.\n';
  for (const name of [...packages].sort()) {
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
  await mkdir(assets, { recursive: true });
  await writeFile(join(pkg, 'examples.json'), await gather(join(web, 'examples'), 'id'));
  await writeFile(join(staging, 'cases.json'), await gather(join(web, '../tests/cases'), 'file'));
  if (existsSync(join(src, 'static'))) await cp(join(src, 'static'), staging, { recursive: true });
  const pages = (await readdir(src)).filter((name) => name.endsWith('.html')).sort();
  if (!pages.includes('index.html')) throw new BuildError('there is no web/src/index.html');
  /** @type {Record<string, string[]>} */
  const manifest = {};
  for (const name of pages) manifest[name] = await page(join(src, name));
  await licences();
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
