// The declarations published with the engine, used as someone writing strict TypeScript would. `tsc` accepts this
// file only if what should compile does, and what is marked as an error is one. Nothing here is run.

import init, { evaluate, initSync, version } from '../../web/pkg/iam_playground.js';
import type {
  Decision,
  Diagnostic,
  ElementReport,
  Policy,
  Position,
  Report,
  Scenario,
  ScenarioFile,
  StatementId,
  TestResult,
} from '../../web/pkg/iam_playground.js';

/** Holds for two types that are the same, not merely assignable. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function claim<_Claim extends true>(): void {}

await init();
await init({ module_or_path: new URL('engine.wasm', 'https://example.org/') });
initSync({ module: new Uint8Array() });
const engine: string = version();

const policy: Policy = {
  kind: 'identity',
  name: 'ReadUploads',
  via: 'group Developers',
  document: {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
  },
};

const scenario: Scenario = {
  version: 1,
  title: 'Alice reads the uploads bucket',
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::my-app-uploads/report.csv',
    resourceAccount: '111122223333',
    context: {
      'aws:SourceIp': '203.0.113.7',
      'aws:TagKeys': ['team', 'cost'],
      'aws:MultiFactorAuthPresent': true,
      'aws:MultiFactorAuthAge': 3600,
      'aws:username': null,
    },
    derive: false,
  },
  policies: [policy, { kind: 'scp', target: 'Root', document: '{ "broken": ' }],
  organization: { managementAccount: '999900001111', scpLevels: ['Root', 'Workloads'] },
  tests: [
    { name: 'another bucket', request: { resource: 'arn:aws:s3:::x/y' }, expect: 'implicitDeny' },
    { name: 'refused', request: { action: 'nonsense' }, expect: null, expectDiagnostics: ['invalid-action'] },
    { name: 'by', expectStatements: ['ReadUploads#0'], expectReason: 'allowed-by-identity' },
  ],
};
const service: Scenario = {
  request: {
    principal: { Service: 'ec2.amazonaws.com' },
    action: 'sts:AssumeRole',
    resource: 'arn:aws:iam::111122223333:role/AppServer',
  },
  policies: [],
};
const file: ScenarioFile = { about: 'two', scenarios: [scenario, service] };
const list: ScenarioFile = [scenario];

const report: Report = evaluate(scenario);
evaluate(scenario, Date.now());

claim<Same<Decision, 'allowed' | 'implicitDeny' | 'explicitDeny'>>();
claim<Same<typeof report.decision, Decision | null>>();
claim<Same<typeof report.errorMessage, string | null>>();
claim<Same<typeof report.missingContextKeys, string[]>>();
claim<Same<ReturnType<typeof evaluate>, Report>>();

/** Every decision is handled: a new one would be an error here. */
function verdict(decision: Decision | null): string {
  switch (decision) {
    case 'allowed':
      return 'yes';
    case 'implicitDeny':
    case 'explicitDeny':
      return 'no';
    case null:
      return 'no answer';
  }
}

function describe(diagnostic: Diagnostic): string {
  const place: Position | undefined = diagnostic.start;
  const at = place ? `${place.line}:${place.column}` : (diagnostic.path ?? '');
  return `${diagnostic.severity} ${diagnostic.code} ${at} ${diagnostic.message} ${diagnostic.help ?? ''}`;
}

function failures(element: ElementReport): string[] {
  const conditions = element.conditions ?? [];
  const pairs = conditions.filter((one) => !one.matches).map((one) => `${one.operator} ${one.key}`);
  const values = element.values ?? [];
  return [...pairs, ...values.filter((one) => !one.matches).map((one) => one.value)];
}

const statements: StatementId[] = report.steps.filter((step) => step.decisive).flatMap((step) => step.statements);
const lines: number[] = report.matchedStatements.map((one) => one.end.line - one.start.line + 1);
const results: TestResult[] = report.tests;
const failed: string[] = results.filter((result) => !result.pass).map((result) => result.name);

// An AWS managed policy by its name, without a document.
const managed: Policy = { kind: 'identity', managedPolicy: 'ReadOnlyAccess' };

// What must not compile.

// @ts-expect-error a scenario needs a request
evaluate({ policies: [policy] });
// @ts-expect-error a request needs an action
evaluate({ request: { principal: '*' } });
// @ts-expect-error text is not a scenario; its document may be text
evaluate('{}');
// @ts-expect-error a kind that does not exist
const unknownKind: Policy = { kind: 'boundary', document: {} };
// @ts-expect-error there is no version 2
const future: Scenario = { version: 2, request: scenario.request };
// @ts-expect-error an expectation that is no decision
scenario.tests?.push({ name: 'x', expect: 'denied' });
// @ts-expect-error a decision is not a boolean
const yes: boolean = report.decision;
// @ts-expect-error not every diagnostic has a place
const lineOf = (diagnostic: Diagnostic): number => diagnostic.start.line;

export { describe, engine, failed, failures, file, future, lineOf, lines, list, managed, statements, unknownKind, verdict, yes };
