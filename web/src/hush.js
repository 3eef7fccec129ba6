// Findings that are not to be shown: in a lesson, those of policies that the learner only reads.
// @ts-check

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').PagePolicy} PagePolicy
 * @typedef {(policy: PagePolicy) => boolean} Hides
 * @typedef {(hides: Hides | undefined) => void} Hush  from now on the findings of these policies are left out
 */

/**
 * The answer as it is to be shown. Errors stay: without them nobody would know why there is no decision.
 * @param {Answer} answer
 * @param {Hides | undefined} hides
 * @returns {Answer}
 */
export function hushed(answer, hides) {
  if (!hides) return answer;
  const diagnostics = answer.report.diagnostics.filter(({ severity, policyIndex }) => {
    const policy = policyIndex === undefined ? undefined : answer.state.policies[policyIndex];
    return severity === 'error' || !policy || !hides(policy);
  });
  return { ...answer, report: { ...answer.report, diagnostics } };
}
