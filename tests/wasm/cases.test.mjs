// The scenarios in tests/cases and web/examples give in wasm what they say, as they do natively.
// @ts-check

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, scenarioFiles, scenarios } from './engine.mjs';

// The same in every run; a scenario about time gives its own.
const NOW = Date.UTC(2026, 0, 31, 12);

for (const file of scenarioFiles('tests/cases', 'web/examples')) {
  test(file, () => {
    const failures = [];
    let count = 0;
    for (const [index, scenario] of scenarios(file).entries()) {
      const title = scenario.title ?? `scenario ${index + 1}`;
      const expected = scenario.tests ?? [];
      const report = evaluate(scenario, NOW);
      count += expected.length;
      assert.equal(report.tests.length, expected.length, `${title}: each test has a result`);
      for (const [place, { name, expect }] of expected.entries()) {
        const result = report.tests[place];
        // The engine's own verdict, and ours on the decision: a test must not pass by mistake.
        const same = expect === undefined || result?.decision === expect;
        if (!result?.pass || !same || result.name !== name) {
          failures.push(`${title}: ${name}: ${result?.message ?? `expected ${expect}, got ${result?.decision}`}`);
        }
      }
    }
    assert.notEqual(count, 0, 'the file tests something');
    assert.deepEqual(failures, []);
  });
}
