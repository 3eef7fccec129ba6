// The npm package: the element, the engine for browsers and for Node.js, types, manifest. Made into web/package.
// @ts-check

import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBundler } from './bundler.mjs';

/** @param {{ web: string, dev: boolean, licences: string }} options */
export async function buildPackage({ web, dev, licences }) {
  const root = join(web, '..');
  const target = join(web, 'package');
  const staging = join(web, `.package-${process.pid}`);
  const source = join(web, 'npm');
  try {
    await mkdir(staging, { recursive: true });
    // In a package the version is in the address already; and plain names are what bundlers' users copy and name.
    const bundler = createBundler({ web, out: staging, dev, plainNames: true, define: { PLAYGROUND_PAGE: '""' } });
    await bundler.bundleAs(join(web, 'src/embed/element.js'), 'iam-playground.js');
    await cp(join(source, 'files'), staging, { recursive: true });
    await cp(join(web, 'pkg/iam_playground.d.ts'), join(staging, 'iam_playground.d.ts'));
    await writeFile(join(staging, 'iam_playground.js'), glue(await readFile(join(web, 'pkg/iam_playground.js'), 'utf8')));
    for (const name of ['iam-playground.css', 'iam-playground-loader.js']) await cp(join(web, 'src/embed', name), join(staging, name));
    for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) await cp(join(root, name), join(staging, name));
    await cp(licences, join(staging, 'third-party-licences.txt'));
    await cp(join(root, 'data/NOTICE'), join(staging, 'NOTICE'));
    const description = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
    description.version = await version(root);
    await writeFile(join(staging, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
    await rm(target, { recursive: true, force: true });
    await rename(staging, target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The engine's glue, which finds the one .wasm file of the package. @param {string} code */
function glue(code) {
  const changed = code.replace("new URL('iam_playground_bg.wasm', import.meta.url)", "new URL('./assets/iam_playground_bg.wasm', import.meta.url)");
  if (changed === code) throw new Error('the engine’s glue does not name its .wasm file as web/build/package.mjs expects');
  return changed;
}

/** The version of the workspace. @param {string} root */
async function version(root) {
  const manifest = await readFile(join(root, 'Cargo.toml'), 'utf8');
  const found = /\[workspace\.package\][^[]*?\nversion = "([^"]+)"/.exec(manifest)?.[1];
  if (!found) throw new Error('Cargo.toml has no version for the workspace');
  return found;
}
