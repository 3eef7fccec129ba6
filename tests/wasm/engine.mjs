// Loads the engine as it is built for the page, and finds the scenarios that all engines must agree on.
// @ts-check

import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluate, evaluateParts, initSync, load, review, reviewLast, version } from '../../web/pkg/iam_playground.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

initSync({ module: readFileSync(join(root, 'web/pkg/iam_playground_bg.wasm')) });

// Scenarios may name AWS managed policies.
for (const part of /** @type {const} */ (['services', 'managed-policies'])) {
  load(part, readFileSync(join(root, `data/${part}.txt`), 'utf8'));
}

export { evaluate, evaluateParts, review, reviewLast, version };

/** @typedef {import('../../web/pkg/iam_playground.js').Scenario} Scenario */

/** All scenario files below some folders, as paths from the project's root. @param {string[]} folders */
export function scenarioFiles(...folders) {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(?:json|ndjson)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
    .sort();
}

/** The scenarios of a file: one, an array, one a line, or a collection. @param {string} file @returns {Scenario[]} */
export function scenarios(file) {
  const text = readFileSync(join(root, file), 'utf8');
  if (file.endsWith('.ndjson')) {
    return text.split('\n').filter((line) => line.trim()).map((line) => JSON.parse(line));
  }
  const value = JSON.parse(text);
  return Array.isArray(value) ? value : (value.scenarios ?? [value]);
}

/** The text of a file of the project. @param {string} file */
export function projectFile(file) {
  return readFileSync(join(root, file), 'utf8');
}
