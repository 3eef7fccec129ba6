// The engine's types under the page's names, and the page's own state.

import type {
  Decision,
  Diagnostic,
  Organization,
  PolicyKind,
  Position,
  Report,
  Scenario as EngineScenario,
} from '../pkg/iam_playground.js';

export type {
  ConditionReport,
  ContextEntry,
  ElementReport,
  MatchedStatement,
  Organization,
  PolicyReport,
  Report,
  ReportParts,
  StatementReport,
  Step,
  TestResult,
  ValueReport,
} from '../pkg/iam_playground.js';

export type DecisionName = Decision;
export type PolicyKindName = PolicyKind;
export type ReportDiagnostic = Diagnostic;

export type ContextScalar = string | number | boolean;
export type ContextValue = ContextScalar | ContextScalar[] | null;

/** A request as it is typed: anything may be missing, and the engine says what is. */
export interface RequestFields {
  principal?: string | Record<string, unknown>;
  action?: string;
  resource?: string;
  resourceAccount?: string;
  context?: Record<string, ContextValue>;
  derive?: boolean;
}

export interface ScenarioTest {
  name: string;
  request?: RequestFields;
  expect?: Decision | null;
  [extra: string]: unknown;
}

export interface ScenarioPolicy {
  kind: PolicyKind;
  name?: string;
  via?: string;
  target?: string;
  document?: string | object;
  managedPolicy?: string;
  [extra: string]: unknown;
}

/** A scenario as the page has it in hand: in shape, but not necessarily one that makes sense. */
export interface Scenario {
  version?: number;
  title?: string;
  description?: string;
  request: RequestFields;
  policies: ScenarioPolicy[];
  organization?: Organization;
  tests?: ScenarioTest[];
  [extra: string]: unknown;
}

/** An example of the gallery. */
export type Example = EngineScenario & { id: string };

/** A policy while it is edited. `id` is the page's own: names need not be unique. */
export interface PagePolicy {
  id: string;
  kind: PolicyKind;
  name: string;
  via: string;
  target: string;
  text: string;
  /** Whatever else the scenario said about it. */
  rest: Record<string, unknown>;
}

/** What the page edits: a scenario whose documents are text. */
export interface PageState {
  title: string;
  description: string;
  request: RequestFields;
  policies: PagePolicy[];
  organization: Organization | undefined;
  tests: ScenarioTest[];
  /** Whatever else the scenario had. */
  rest: Record<string, unknown>;
}

/** A report together with the state that it answers. */
export interface Answer {
  report: Report;
  state: PageState;
  /** The policies that the report speaks of, in its order. */
  policies: PagePolicy[];
  milliseconds: number;
}

/** A place in a policy's text. */
export interface Place {
  policyId: string;
  from: number;
  to: number;
}

/** Something in the report that has a place. */
export interface Spanned {
  start: Position;
  end: Position;
}

/** What the full page offers to scripts and tests. */
export interface PageApi {
  /** The scenario as it stands on the page, documents as text. */
  getScenario(): Scenario;
  /** Puts another scenario on the page; it can be undone there. */
  setScenario(scenario: unknown): void;
  /** Resolves when the report belongs to the scenario on the page. */
  getReport(): Promise<Report>;
}

declare global {
  interface Window {
    iamPlayground?: PageApi;
  }
}
