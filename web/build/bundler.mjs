// Bundles entry points into one folder of assets. See build.mjs for the rules.
// @ts-check

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import * as esbuild from 'esbuild';
import { regionsOf } from './regions.mjs';
import { embedStyles } from './styles.mjs';

/** A failure that the message alone explains. */
export class BuildError extends Error {}

const SCRIPT = /\.(?:m?js)$/;
const ASSET_URL = /new URL\(\s*(['"])((?!\/|[a-z][a-z0-9+.-]*:)[^'"`]+)\1\s*,\s*import\.meta\.url\s*\)/g;

/**
 * @typedef {object} BundlerOptions
 * @property {string} web  the folder of package.json
 * @property {string} out  where entry points with plain names go
 * @property {boolean} dev  readable output with source maps
 * @property {boolean} [plainNames]  no hashes in the names, for a package whose version is in its address
 * @property {Record<string, string>} [define]
 */

/** @param {BundlerOptions} options */
export function createBundler({ web, out, dev, plainNames = false, define = {} }) {
  const assets = join(out, 'assets');
  /** @type {Map<string, Promise<string>>} source file -> its name in `assets/` */
  const emitted = new Map();
  /** @type {Map<string, Set<string>>} a script in `assets/` -> what it loads at once, itself included */
  const loads = new Map();
  /** @type {Map<string, Set<string>>} a script in `assets/` -> the modules that it imports at once */
  const imports = new Map();
  /** @type {Map<string, Set<string>>} source module -> the assets it names by `new URL` */
  const mentions = new Map();
  /** @type {Set<string>} packages whose code is in the bundle */
  const packages = new Set();
  /** @type {Set<string>} every file made, from `out` */
  const files = new Set();
  const hashed = plainNames ? '[name]' : '[name]-[hash]';

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
    const name = plainNames ? basename(file) : `${basename(file, extension)}-${hash}${extension}`;
    await mkdir(assets, { recursive: true });
    await writeFile(join(assets, name), content);
    files.add(`assets/${name}`);
    return name;
  }

  /** @param {string} entry */
  const bundle = (entry) => build(entry, `assets/${hashed}`);

  /** Bundles an entry point that keeps its own name, beside `assets/`. @param {string} entry @param {string} name */
  const bundleAs = (entry, name) => build(entry, name.replace(/\.\w+$/, ''));

  /** @param {string} entry @param {string} entryNames */
  async function build(entry, entryNames) {
    const result = await esbuild.build({
      absWorkingDir: web,
      entryPoints: [entry],
      outdir: out,
      entryNames,
      // A chunk keeps its hash: names such as `chunk` say nothing by themselves.
      chunkNames: 'assets/[name]-[hash]',
      assetNames: `assets/${hashed}`,
      bundle: true,
      format: 'esm',
      splitting: true,
      target: 'es2022',
      minify: !dev,
      sourcemap: dev ? 'linked' : false,
      legalComments: 'none',
      logLevel: 'silent',
      metafile: true,
      define,
      loader: { '.svg': 'file', '.png': 'file', '.woff2': 'file' },
      plugins: [madeModules, assetUrls],
    });
    for (const warning of result.warnings) {
      console.error((await esbuild.formatMessages([warning], { kind: 'warning' })).join(''));
    }
    const outputs = result.metafile.outputs;
    for (const input of Object.keys(result.metafile.inputs)) {
      const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (found?.[1]) packages.add(found[1]);
    }
    // A module that is imported late has an entry of its own.
    const main = Object.keys(outputs).find((path) => resolve(web, outputs[path]?.entryPoint ?? '') === entry);
    if (!main) throw new BuildError(`${entry} gave no output`);
    for (const path of Object.keys(outputs)) {
      loads.set(basename(path), closure(path, outputs));
      imports.set(basename(path), imported(path, outputs));
      files.add(relative(out, resolve(web, path)));
    }
    return basename(main);
  }

  /** The modules that one script imports at once, and that they import. @param {string} start @param {esbuild.Metafile['outputs']} outputs */
  function imported(start, outputs) {
    /** @type {Set<string>} */
    const all = new Set();
    /** @param {string} path */
    const walk = (path) => {
      for (const next of outputs[path]?.imports ?? []) {
        if (next.external || next.kind !== 'import-statement' || all.has(basename(next.path))) continue;
        all.add(basename(next.path));
        walk(next.path);
      }
    };
    walk(start);
    return all;
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

  /** The modules that are made from the page: its regions, and its style sheet for an embed. @type {esbuild.Plugin} */
  const madeModules = {
    name: 'made-modules',
    setup(setup) {
      setup.onResolve({ filter: /^playground:/ }, ({ path }) => ({ path, namespace: 'made' }));
      setup.onLoad({ filter: /regions$/, namespace: 'made' }, async () => {
        const html = await readFile(join(web, 'src/index.html'), 'utf8');
        return { contents: JSON.stringify(regionsOf(html)), loader: 'json' };
      });
      setup.onLoad({ filter: /styles$/, namespace: 'made' }, async () => {
        const options = { absWorkingDir: web, bundle: true, write: false, target: 'es2022', legalComments: /** @type {const} */ ('none') };
        let css = '';
        for (const file of ['src/styles.css', 'src/embed/embed.css']) {
          const { outputFiles = [] } = await esbuild.build({ ...options, entryPoints: [file], outdir: out });
          css += outputFiles[0]?.text ?? '';
        }
        const { code } = await esbuild.transform(embedStyles(css), { loader: 'css', minify: !dev });
        return { contents: code, loader: 'text' };
      });
    },
  };

  /** Follows `new URL('…', import.meta.url)` in our own modules and in the engine's. @type {esbuild.Plugin} */
  const assetUrls = {
    name: 'asset-urls',
    setup(setup) {
      setup.onLoad({ filter: SCRIPT, namespace: 'file' }, async ({ path }) => {
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

  return { emit, bundleAs, loads, imports, packages, files };
}

/** @typedef {ReturnType<typeof createBundler>} Bundler */
