// What is found in the policies with AWS's service data, beside the report: asked for with every answer from the moment
// the data is there, and shown in one piece with it.
// @ts-check

/**
 * @typedef {import('./types.d.ts').Answer} Answer
 * @typedef {import('./types.d.ts').PagePolicy} PagePolicy
 * @typedef {import('./types.d.ts').ReportDiagnostic} ReportDiagnostic
 * @typedef {import('./store.js').Ask} Ask
 */

/** Milliseconds that an answer waits for it, at most; what comes later is added. */
const PATIENCE = 150;

/** @param {Ask} ask */
export function createBeside(ask) {
  let ready = false;
  /** What was shown last. @type {{ policies: PagePolicy[], found: ReportDiagnostic[] } | undefined} */
  let last;
  return {
    /** Loads the data. Resolves to whether it is there. */
    async load() {
      ready = typeof (await ask('dataDate', []).catch(() => undefined)) === 'string';
      return ready;
    },
    /** Whether there can be findings. */
    get isReady() {
      return ready;
    },
    /** @param {PagePolicy[]} policies @param {ReportDiagnostic[]} found  what is shown for them */
    shown(policies, found) {
      last = { policies, found };
    },
    /**
     * The findings shown last, where they can stay until those of the next answer come: they stand in texts that are still
     * the same. Undefined where they cannot, or the policies are others.
     * @param {PagePolicy[]} policies  as they are now
     */
    held(policies) {
      const before = last;
      if (before?.policies.length !== policies.length) return undefined;
      if (policies.some(({ id }, index) => id !== before.policies[index]?.id)) return undefined;
      const stays = before.found.every(
        ({ policyIndex: index }) => index === undefined || policies[index]?.text === before.policies[index]?.text,
      );
      return stays ? before.found : undefined;
    },
    /**
     * Gives the findings to `show`, at once where there are none to come.
     * @param {Promise<ReportDiagnostic[]> | undefined} findings
     * @param {ReportDiagnostic[] | undefined} held  to show until they come
     * @param {(found: ReportDiagnostic[]) => void} show  called a second time where the first was too early
     */
    wait(findings, held, show) {
      if (held) {
        show(held);
        findings?.then(
          (found) => JSON.stringify(found) === JSON.stringify(held) || show(found),
          () => {},
        );
        return;
      }
      let shown = false;
      const once = () => {
        if (!shown) show([]);
        shown = true;
      };
      if (!findings) {
        once();
        return;
      }
      const late = setTimeout(once, PATIENCE);
      findings.then((found) => {
        clearTimeout(late);
        shown = true;
        show(found);
      }, once);
    },
  };
}

/**
 * The answer with more findings, those of each policy in the order of its text.
 * @param {Answer} answer
 * @param {ReportDiagnostic[]} found
 * @returns {Answer}
 */
export function withFindings(answer, found) {
  if (found.length === 0) return answer;
  /** @param {ReportDiagnostic} one */
  const place = (one) => [one.policyIndex ?? -1, one.start?.offset ?? -1];
  const diagnostics = [...answer.report.diagnostics, ...found].sort((a, b) => {
    const [policyA = 0, offsetA = 0] = place(a);
    const [policyB = 0, offsetB = 0] = place(b);
    return policyA - policyB || offsetA - offsetB;
  });
  return { ...answer, report: { ...answer.report, diagnostics } };
}
