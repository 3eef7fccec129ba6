// Times @cloud-copilot/iam-simulate on the workloads that `cargo bench … -- --export FOLDER` wrote. Prints one JSON
// object: `WORKLOAD/FORM` → { median: nanoseconds } or { note: why there is none }.
//
// - keystroke: from the policies' text to its answer with explanations, validated, as its web page calls it.
// - decide: its entry without validation and explanation (it takes neither session nor endpoint policies), from
//   policies that are parsed already.
//
// Each workload runs in a process of its own, which is ended when it takes too long: a pattern can keep it busy for
// hours.
// @ts-check

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate';

const LIMIT = 120_000;
const [folder, only] = process.argv.slice(2);
if (!folder) throw new Error('the folder with the workloads is missing');

if (only) {
  console.log(JSON.stringify(await measure(only)));
} else {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  /** @type {Record<string, unknown>} */
  const results = { version: dependencies['@cloud-copilot/iam-simulate'] };
  for (const file of readdirSync(folder).sort()) {
    console.error(`iam-simulate: ${file}`);
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), folder, file], {
      timeout: LIMIT,
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
    const late = /** @type {NodeJS.ErrnoException | undefined} */ (child.error)?.code === 'ETIMEDOUT';
    const { name } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    if (late) results[`${name}/keystroke`] = { note: `over ${LIMIT / 1000} s` };
    else Object.assign(results, JSON.parse(child.stdout));
  }
  console.log(JSON.stringify(results));
}

/** @param {string} file */
async function measure(file) {
  const workload = JSON.parse(readFileSync(join(/** @type {string} */ (folder), file), 'utf8'));
  const { name, scenario, actions, allowed } = workload;
  const parsed = simulation(scenario);
  const others = [parsed.sessionPolicy, ...(parsed.vpcEndpointPolicies ?? [])].filter(Boolean);
  /** @type {Record<string, { median: number } | { note: string }>} */
  const results = {};

  /** @param {string} form @param {() => number | Promise<number>} call */
  const time = async (form, call) => {
    const start = performance.now();
    const got = await call();
    const first = performance.now() - start;
    if (got !== allowed) console.error(`iam-simulate: ${name}/${form}: ${got} allowed, ${allowed} expected`);
    results[`${name}/${form}`] = got === allowed ? { median: await median(call, first) } : { note: 'another answer' };
  };

  if (!others.length && !name.startsWith('stars')) {
    const requests = (actions.length ? actions : [scenario.request.action]).map((/** @type {string} */ action) => ({
      ...parsed,
      request: { ...parsed.request, action },
    }));
    const isAllowed = (/** @type {any} */ request) => runUnsafeSimulation(request, {}) === 'Allowed';
    await time('decide', () => requests.filter(isAllowed).length);
  }
  // Validation knows only actions that exist; those of the long lists are made up.
  if (name === 'all-actions' || name === 'action-list') {
    results[`${name}/keystroke`] = { note: 'made-up actions are refused' };
  } else {
    await time('keystroke', async () => {
      const result = await runSimulation(simulation(scenario), {});
      if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
      return result.overallResult === 'Allowed' ? 1 : 0;
    });
  }
  return results;
}

/** The scenario in its terms, read from the policies' text. @param {any} scenario @returns {any} */
function simulation(scenario) {
  const of = (/** @type {string} */ kind) =>
    scenario.policies
      .filter((/** @type {any} */ policy) => policy.kind === kind)
      .map((/** @type {any} */ policy) => ({ name: policy.name, policy: JSON.parse(policy.document) }));
  const levels = (/** @type {string} */ kind) => {
    const policies = of(kind);
    return policies.length ? [{ orgIdentifier: 'root', policies }] : [];
  };
  const some = (/** @type {any[]} */ list) => (list.length ? list : undefined);
  const { principal, action, resource, resourceAccount = '111122223333', context } = scenario.request;
  return {
    request: { principal, action, resource: { resource, accountId: resourceAccount }, contextVariables: context },
    identityPolicies: of('identity'),
    resourcePolicy: of('resource')[0]?.policy,
    permissionBoundaryPolicies: some(of('permissionsBoundary')),
    sessionPolicy: of('session')[0]?.policy,
    serviceControlPolicies: levels('scp'),
    resourceControlPolicies: levels('rcp'),
    vpcEndpointPolicies: some(of('vpcEndpoint')),
  };
}

/**
 * The median time of a call in nanoseconds, over two seconds; of a call that is slower, the time it took at first.
 * @param {() => unknown} call @param {number} first
 */
async function median(call, first) {
  if (first > 2_000) return first * 1e6;
  const samples = [];
  const start = performance.now();
  while (samples.length < 3 || performance.now() - start < 2_000) {
    const before = performance.now();
    await call();
    samples.push((performance.now() - before) * 1e6);
  }
  samples.sort((a, b) => a - b);
  return samples[Math.floor(samples.length / 2)] ?? NaN;
}
