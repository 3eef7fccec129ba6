// Puts reports together that come in parts: what an answer says of a policy or a statement crosses from the worker once,
// as text, and again only when it changes. Reading text takes less time than copying the objects.
// @ts-check

/**
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./types.d.ts').ReportParts} ReportParts
 * @typedef {Report['policies'][number]} Policy
 * @typedef {Policy['statements'][number]} Statement
 * @typedef {Statement['start']} Position
 */

/**
 * For one worker, all of whose answers must pass through it in their order. A policy that has not changed is the same
 * object as in the report before, and so is a statement that stands where it stood: nobody may change a report.
 * @returns {(parts: ReportParts) => Report}
 */
export function createAssembler() {
  /** @type {Policy[]} */
  let before = [];
  return ([text, ...policies]) => {
    /** @type {Report} */
    const report = JSON.parse(text);
    report.policies = policies.map((part, at) => {
      const known = before[at];
      if (part === null) return given(known);
      /** @type {Policy} */
      const policy = JSON.parse(part);
      /** @type {(Statement | [line: number, column: number, offset: number])[]} */
      const statements = policy.statements;
      policy.statements = statements.map((statement, index) =>
        Array.isArray(statement) ? moved(given(known?.statements[index]), ...statement) : statement,
      );
      return policy;
    });
    before = report.policies;
    return report;
  };
}

/** @template T @param {T | undefined} known @returns {T} */
function given(known) {
  if (known === undefined) throw new Error('the engine refers to an answer that was never given');
  return known;
}

/**
 * A statement as it was, at the place where it starts now. Its columns move on the line of its start only.
 * @param {Statement} statement @param {number} line @param {number} column @param {number} offset
 * @returns {Statement}
 */
function moved(statement, line, column, offset) {
  const { start } = statement;
  const [lines, columns, offsets] = [line - start.line, column - start.column, offset - start.offset];
  if (lines === 0 && columns === 0 && offsets === 0) return statement;
  /** @param {Position} place @returns {Position} */
  const there = (place) => ({
    line: place.line + lines,
    column: place.line === start.line ? place.column + columns : place.column,
    offset: place.offset + offsets,
  });
  /** @template {{ start: Position, end: Position }} T @param {T} part @returns {T} */
  const shifted = (part) => ({ ...part, start: there(part.start), end: there(part.end) });
  return {
    ...shifted(statement),
    elements: statement.elements.map((element) => {
      const copy = shifted(element);
      if (copy.values) copy.values = copy.values.map(shifted);
      if (copy.conditions) {
        copy.conditions = copy.conditions.map((condition) => ({
          ...shifted(condition),
          values: condition.values.map(shifted),
        }));
      }
      return copy;
    }),
  };
}
