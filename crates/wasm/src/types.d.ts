/*
 * The types of what goes in and what comes out: a scenario and its report. The same shapes as JSON Schema are in
 * docs/schema; a test compares the two.
 */

// ---- The scenario: what goes in -----------------------------------------------------------------------------

/** A request to AWS and the policies that decide it. */
export interface Scenario {
  /** Where the JSON Schema lies, for editors; without meaning for the evaluation. */
  $schema?: string;
  /** The version of the format; absent means 1. */
  version?: 1;
  /** A heading. */
  title?: string;
  /** Markdown shown beside the scenario. */
  description?: string;
  /** One line for a list of scenarios. */
  summary?: string;
  /** What the scenario teaches, as labels. */
  concepts?: string[];
  /** The rule that the scenario's tests pin down, as a reference into a list of rules. */
  rule?: string;
  /** What the expectations stand on. */
  evidence?: "documented" | "observed" | "assumed";
  /** Where AWS is silent or contradicts itself: the number of the choice made. */
  choice?: number;
  /** Who wants to do what to which resource, and under which circumstances. */
  request: AccessRequest & Required<Pick<AccessRequest, "principal" | "action" | "resource">>;
  /** The policies, in any order; empty where nothing is attached. */
  policies: Policy[];
  /** What the scenario says about the AWS organization. */
  organization?: Organization;
  /** Variations of the request, each with the answer that is expected. */
  tests?: Test[];
}

/** A request to AWS. */
export interface AccessRequest {
  /** Who asks. */
  principal?: Principal;
  /** The action, such as `s3:GetObject`, without wildcards. */
  action?: string;
  /** The ARN of what is acted upon, or `*` for an action that has no resource. */
  resource?: string;
  /** The account that owns the resource; absent: the account in the ARN, else the principal's. */
  resourceAccount?: string;
  /** Who a session was made from, where its ARN does not tell: the ARN of its role or user. */
  sessionIssuer?: string;
  /** Context keys and their values; `null` means: the request does not have this key. */
  context?: Record<string, ContextValue>;
  /** Whether to add the keys that AWS would fill in from the request itself (default true). */
  derive?: boolean;
}

/**
 * Who asks: the ARN of a user, role, assumed-role session, federated user or account root; an account id; `*` for an
 * anonymous caller; or the policy language's own object.
 */
export type Principal =
  | string
  | { AWS: string }
  | { Service: string }
  | { Federated: string }
  | { CanonicalUser: string };

/** The value of a context key; `null` means "absent". */
export type ContextValue = string | number | boolean | (string | number | boolean)[] | null;

/** A policy and its part in the request. */
export interface Policy {
  /** The kind of the policy. */
  kind: PolicyKind;
  /** The policy's name; a statement is called `NAME#INDEX`, the index counted from 0. */
  name?: string;
  /** How the policy comes to the caller, such as `group Developers`. */
  via?: string;
  /** The level an SCP or RCP is attached to. */
  target?: string;
  /** The document: an object, or its text as it was typed, broken JSON included. */
  document?: object | string;
  /** An AWS managed policy in place of a document: its name or its ARN. */
  managedPolicy?: string;
}

/** The kind of a policy. A trust policy or key policy is the `resource` policy of its role or key. */
export type PolicyKind =
  | "identity"
  | "resource"
  | "permissionsBoundary"
  | "session"
  | "scp"
  | "rcp"
  | "vpcEndpoint";

/** What a scenario says about the AWS organization. */
export interface Organization {
  /** The management account's id: SCPs and RCPs do not bind it. */
  managementAccount?: string;
  /** The levels from the root down. A level without an SCP allows nothing. */
  scpLevels?: string[];
}

/** A variation of the scenario's request, with the answer that is expected. All expectations given must hold. */
export interface Test {
  /** What the test shows. */
  name: string;
  /** Fields that replace those of the scenario's request; `context` merges key by key. */
  request?: AccessRequest;
  /** The expected decision; `null`: none, because the request or a policy is refused. */
  expect?: Decision | null;
  /** The statements that are expected to decide. */
  expectStatements?: StatementId[];
  /** The expected code of the reason. */
  expectReason?: string;
  /** AWS's sentence of refusal, or its tail. */
  expectErrorMessage?: string;
  /** Codes of diagnostics that must all be present. */
  expectDiagnostics?: string[];
}

/** A statement: the policy's name, `#` and the statement's index, counted from 0. */
export type StatementId = `${string}#${number}`;

/** A scenario file: one scenario, several, or several with a word on why they stand together. */
export type ScenarioFile = Scenario | Scenario[] | Collection;

/** Several scenarios with a word on why they stand together. */
export interface Collection {
  /** Where the JSON Schema lies, for editors; without meaning for the evaluation. */
  $schema?: string;
  /** Why this file exists. */
  about?: string;
  /** The scenarios. */
  scenarios: Scenario[];
}

// ---- The report: what comes out -----------------------------------------------------------------------------

/** The answer to a scenario. Sentences are for people and may change; codes are stable. */
export interface Report {
  /** The decision; `null` only where no honest answer exists. */
  decision: Decision | null;
  /** Why, as a code and one sentence. */
  reason: Reason;
  /** When denied: the sentence AWS would answer with, in AWS's wording. */
  errorMessage: string | null;
  /** The evaluation in AWS's order, every stage listed; empty where there was none. */
  steps: Step[];
  /** The statements that match the request, in the order of the policies. */
  matchedStatements: MatchedStatement[];
  /** The full trace: every statement of every policy, matched or not. */
  policies: PolicyReport[];
  /** Keys that some statement tests and the request does not have, where that could still matter. */
  missingContextKeys: string[];
  /** The request context that was used: given and derived. */
  context: ContextEntry[];
  /** Findings: of the scenario first, then policy by policy in the order of the text. */
  diagnostics: Diagnostic[];
  /** What a reader should know about the answer. */
  notes: Note[];
  /** The scenario's tests with their results. */
  tests: TestResult[];
}

/** A decision, in the spelling of IAM's policy simulator. */
export type Decision = "allowed" | "implicitDeny" | "explicitDeny";

/** Why a decision fell. */
export interface Reason {
  /** A stable code. */
  code: ReasonCode;
  /** One sentence for a learner. */
  message: string;
}

/** A stable code for the reason. */
export type ReasonCode =
  | "allowed-by-identity"
  | "allowed-by-resource-direct"
  | "allowed-by-resource-entity"
  | "allowed-by-resource-wildcard"
  | "allowed-by-resource-service"
  | "allowed-by-identity-and-resource"
  | "allowed-root-of-owner"
  | "allowed-always"
  | "explicit-deny-identity"
  | "explicit-deny-resource"
  | "explicit-deny-trust"
  | "explicit-deny-key-policy"
  | "explicit-deny-permissions-boundary"
  | "explicit-deny-session"
  | "explicit-deny-scp"
  | "explicit-deny-rcp"
  | "explicit-deny-vpc-endpoint"
  | "implicit-deny-identity"
  | "implicit-deny-resource"
  | "implicit-deny-trust"
  | "implicit-deny-key-policy"
  | "implicit-deny-permissions-boundary"
  | "implicit-deny-session"
  | "implicit-deny-scp"
  | "implicit-deny-rcp"
  | "implicit-deny-vpc-endpoint"
  | "implicit-deny-partition"
  | "implicit-deny-service-rule"
  | "invalid-request"
  | "invalid-policy";

/** One stage of the evaluation. */
export interface Step {
  /** Which stage. */
  stage: Stage;
  /** The stage in words, such as "Service control policies". */
  title: string;
  /** How it went. */
  outcome: Outcome;
  /** Whether this stage settled the answer. */
  decisive: boolean;
  /** What happened, in a sentence. */
  message: string;
  /** The statements that matched here. */
  statements: StatementId[];
}

/** A stage of the evaluation, in AWS's order. */
export type Stage =
  | "explicitDeny"
  | "rcp"
  | "scp"
  | "vpcEndpoint"
  | "resource"
  | "identity"
  | "permissionsBoundary"
  | "session";

/** How a stage went. */
export type Outcome = "pass" | "allow" | "deny" | "notApplicable";

/** What a statement does when it matches. */
export type Effect = "Allow" | "Deny";

/** A place in a policy's text, counted as editors count. */
export interface Position {
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 code units. */
  column: number;
  /** From 0, in UTF-16 code units from the start of the text. */
  offset: number;
}

/** A statement that matches the request. */
export interface MatchedStatement {
  /** The policy's name. */
  policy: string;
  /** The policy's kind. */
  kind: PolicyKind;
  /** How the policy comes to the caller. */
  via?: string;
  /** The statement's place in the policy, from 0. */
  index: number;
  /** The statement's `Sid`. */
  sid?: string;
  /** What the statement does. */
  effect: Effect;
  /** Where its `{` stands. */
  start: Position;
  /** Behind its `}`. */
  end: Position;
}

/** A policy's trace. */
export interface PolicyReport {
  /** The policy's name: as given, or `KIND-N` where the scenario gives none. */
  name: string;
  /** The policy's place in the scenario's list, from 0: entries that are no policies are left out here. */
  policyIndex: number;
  /** The policy's kind. */
  kind: PolicyKind;
  /** The kind in words, such as "role trust policy". */
  kindName: string;
  /** How the policy comes to the caller. */
  via?: string;
  /** The level an SCP or RCP is attached to. */
  target?: string;
  /** Whether IAM would save it. */
  valid: boolean;
  /** Where the policy has no part in this request: why. */
  notApplicable?: string;
  /** The document's text as laid out, only where the scenario gave an object: positions refer to it. */
  text?: string;
  /** Every statement. */
  statements: StatementReport[];
}

/** A statement's trace. */
export interface StatementReport {
  /** The statement's place in the policy, from 0. */
  index: number;
  /** The statement's `Sid`. */
  sid?: string;
  /** What the statement does; `null` where that is not readable. */
  effect: Effect | null;
  /** Whether all its elements match. */
  matches: boolean;
  /** The one element that fails while all others match. */
  nearMiss?: ElementName;
  /** The statement's result in a sentence. */
  message: string;
  /** Where its `{` stands. */
  start: Position;
  /** Behind its `}`. */
  end: Position;
  /** The elements as far as they are present. */
  elements: ElementReport[];
}

/** An element of a statement that a request is held against. */
export type ElementName =
  | "Principal"
  | "NotPrincipal"
  | "Action"
  | "NotAction"
  | "Resource"
  | "NotResource"
  | "Condition";

/** An element's trace. */
export interface ElementReport {
  /** Which element. */
  element: ElementName;
  /** Whether the element as a whole holds. */
  matches: boolean;
  /** Why, in a sentence. */
  message: string;
  /** Where the element's key starts. */
  start: Position;
  /** Behind the element's value. */
  end: Position;
  /** The entries: all elements but `Condition` have them. */
  values?: ValueReport[];
  /** The pairs of operator and key: only `Condition` has them. */
  conditions?: ConditionReport[];
}

/** An entry's trace. */
export interface ValueReport {
  /** The entry as written. */
  value: string;
  /** Whether this entry, by itself, covers the request (in a `Not` element: takes it out). */
  matches: boolean;
  /** What the entry became once its policy variables were filled in. */
  resolved?: string;
  /** Why, where there is more to say than that it matches or does not. */
  message?: string;
  /** Where the entry starts. */
  start: Position;
  /** Behind the entry. */
  end: Position;
}

/** The trace of one operator and key of a condition. */
export interface ConditionReport {
  /** The operator as written. */
  operator: string;
  /** The condition key as written. */
  key: string;
  /** Whether the pair holds. */
  matches: boolean;
  /** The request's values of the key; empty where it has none. */
  requestValues: string[];
  /** Whether the request has the key. */
  present: boolean;
  /** Why, in a sentence. */
  message: string;
  /** The policy's values: one matches where some value of the request satisfies it by the operator's positive form. */
  values: ValueReport[];
  /** Where the key starts. */
  start: Position;
  /** Behind the values. */
  end: Position;
}

/** One key of the request context. */
export interface ContextEntry {
  /** The key, in AWS's spelling where the engine knows it. */
  key: string;
  /** Its values as text. */
  values: string[];
  /** Whether the scenario gave the key or the engine derived it from the request. */
  source: "given" | "derived";
  /** Whether the key is multivalued. */
  multivalued: boolean;
}

/** How bad a finding is: no decision is given while it stands; it surprises; it could be written better. */
export type Severity = "error" | "warning" | "info";

/** A finding in the scenario or in one of its policies. */
export interface Diagnostic {
  /** The policy's name; absent for a finding in the scenario itself. */
  policy?: string;
  /** The policy's place in the scenario's list, from 0. */
  policyIndex?: number;
  /** A JSON Pointer into the scenario, for a finding in the scenario itself. */
  path?: string;
  /** How bad. */
  severity: Severity;
  /** A stable code, such as `unknown-operator`. */
  code: string;
  /** What is wrong. */
  message: string;
  /** What to write instead. */
  help?: string;
  /** What IAM itself says when such a document is saved. */
  awsMessage?: string;
  /** Where it starts in the policy's text. */
  start?: Position;
  /** Where it ends in the policy's text. */
  end?: Position;
  /** Further places that belong to it. */
  related?: Related[];
  /** An edit that mends it. */
  fix?: Fix;
}

/** A further place of a finding. */
export interface Related {
  /** What is there. */
  message: string;
  /** Where it starts. */
  start: Position;
  /** Where it ends. */
  end: Position;
}

/** A mend that an editor can apply. */
export interface Fix {
  /** What a button says. */
  label: string;
  /** Replacements, in the order of the text. */
  edits: Edit[];
}

/** One replacement. */
export interface Edit {
  /** Where the old text starts. */
  start: Position;
  /** Where the old text ends. */
  end: Position;
  /** The new text. */
  text: string;
}

/** A remark about the answer. */
export interface Note {
  /** A stable code, such as `contested-bare-year`. */
  code: string;
  /** The remark. */
  message: string;
}

/** A test's result. */
export interface TestResult {
  /** The test's name. */
  name: string;
  /** The expected decision; `null` where none was expected. */
  expect: Decision | null;
  /** The decision given. */
  decision: Decision | null;
  /** Whether all expectations hold. */
  pass: boolean;
  /** Why the decision fell. */
  reason: Reason;
  /** The statements that were expected to decide, where the test says. */
  expectStatements?: string[];
  /** The statements that decided: the matching `Deny`s where one denies, else the matching `Allow`s. */
  statements: StatementId[];
  /** Where the test fails: what was expected and what came, in a sentence. */
  message?: string;
}

/**
 * A report in parts: the report as JSON text, its `policies` left out; then each policy as JSON text, or `null` where it
 * is as it was in the answer before. Where a statement says what it said before and only stands elsewhere, the text has
 * `[line, column, offset]` in its place, of its start: all its places have moved with that, columns on its first line.
 */
export type ReportParts = [report: string, ...policies: (string | null)[]];

// ---- Beside the decision ------------------------------------------------------------------------------------

/** A file of the reference data, without `.txt`. `services` is loaded first. */
export type DataPart = "services" | "descriptions" | "managed-names" | "managed-policies";

/**
 * What a document by itself is taken for: a kind of policy, or of a resource-based one what it is attached to (`resource`
 * being anything else).
 */
export type DocumentKind = PolicyKind | "bucket" | "key" | "trust";

/** An AWS managed policy in a list to choose from. */
export interface ManagedName {
  /** Its name. */
  name: string;
  /** Its ARN in the partition `aws`. */
  arn: string;
  /** Whether only a service's own role can have it. */
  serviceLinked: boolean;
  /** Whether it is only the nearest to what was typed, which is the name of none. */
  nearest?: true;
}

/** An AWS managed policy, with what it says. */
export interface ManagedDocument {
  /** Its name. */
  name: string;
  /** Its ARN in the partition `aws`. */
  arn: string;
  /** Its default version when the data was made, such as `v3`; absent where AWS counts none. */
  version?: string;
  /** Its text, indented. */
  document: string;
}

/** What could be written at a place of a policy, the best first. */
export interface Completions {
  /** Where the text starts that is replaced, in UTF-16 code units. */
  from: number;
  /** Where it ends. */
  to: number;
  /** Where a comma is missing before it: it belongs in too, whatever is chosen. */
  comma?: number;
  /** At most 100. */
  options: Completion[];
  /** A part of the data that is not loaded, and knows more of what could stand here. */
  wants?: DataPart;
}

/** One of them. */
export interface Completion {
  /** What a list shows. */
  label: string;
  /**
   * What is put in, quotes, colon and comma included. Its further lines are indented as if the line that it is put
   * into were not.
   */
  insert: string;
  /** The parts of `insert` that the writer fills, one after the other. */
  fields: Field[];
  /** What it is. */
  kind: CompletionKind;
  /** A few words beside the label. */
  detail?: string;
  /** What it does, in sentences. */
  info?: string;
}

/** What a completion is. */
export type CompletionKind =
  | "skeleton"
  | "element"
  | "value"
  | "service"
  | "action"
  | "wildcard"
  | "resource"
  | "principal"
  | "operator"
  | "key"
  | "variable"
  | "policy";

/** A part of a text that is to be looked at, by its UTF-16 offsets. */
export interface Field {
  /** Where it starts. */
  start: number;
  /** Behind its end. */
  end: number;
}

/** What is known about a piece of a policy. */
export interface Hover {
  /** Where the piece starts. */
  start: Position;
  /** Behind its end. */
  end: Position;
  /** The piece in short. */
  title: string;
  /** What it means, in sentences. */
  paragraphs: string[];
  /** What else is known. */
  facts: Fact[];
  /** Where AWS writes about it. */
  link?: string;
  /** An action with wildcards that covers actions: `expand` lists them. */
  pattern?: string;
  /** Whether this piece lets the request through; absent where it has no say. */
  matches?: boolean;
}

/** A line of a list. */
export interface Fact {
  /** What it is about, such as "Access level". */
  term: string;
  /** What it says. */
  text: string;
}

/** A JSON text laid out anew. */
export interface Formatted {
  /** The text; as it was where it is not JSON. */
  text: string;
  /** Where the cursor is now, in UTF-16 code units. */
  cursor: number;
  /** Why nothing was done, where it is not JSON. */
  problem?: FormatProblem;
}

/** Why a text cannot be laid out. */
export interface FormatProblem {
  /** What is wrong. */
  message: string;
  /** What to write instead. */
  help?: string;
  /** Where it starts. */
  start: Position;
  /** Where it ends. */
  end: Position;
}

/** The actions that a pattern covers. */
export interface Expansion {
  /** The pattern, as asked. */
  pattern: string;
  /** By service and name; at most 2000. */
  actions: ActionInfo[];
  /** How many there are. */
  total: number;
  /** How many of each access level, the harmless first; levels without one are left out. */
  byLevel: LevelCount[];
}

/** An action in short; where actions are suggested also a service, whose name ends in `:`. */
export interface ActionInfo {
  /** Such as `s3:GetObject`. */
  name: string;
  /** Its access level; absent of what is no action. */
  level?: AccessLevel;
  /** What it lets its caller do. */
  description?: string;
}

/** How many actions have an access level. */
export interface LevelCount {
  /** The level. */
  level: AccessLevel;
  /** How many actions. */
  count: number;
}

/** How much an action can do, in AWS's words. */
export type AccessLevel = "List" | "Read" | "Tagging" | "Write" | "Permissions management";

/** A type of resource that an ARN can be. */
export interface Identified {
  /** The prefix of the service whose documentation lists the type, such as `s3`. */
  service: string;
  /** That service's name, such as "Amazon S3". */
  serviceName: string;
  /** The type's name in the documentation, such as `object`. */
  type: string;
  /** The format that fits, such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. */
  format: string;
  /** What stands in the parts of the format; empty for a pattern that cannot be taken apart. */
  parts: ArnPart[];
}

/** A named part of an ARN. */
export interface ArnPart {
  /** Its name in AWS's documentation, such as `BucketName`. */
  name: string;
  /** What stands there. */
  value: string;
}

/** What is known about the action of a request. */
export interface RequestHelp {
  /** The action, in AWS's spelling where it is known. */
  action: string;
  /** Whether the data knows it. */
  known: boolean;
  /** Its access level. */
  level?: AccessLevel;
  /** What it lets its caller do. */
  description?: string;
  /** For an unknown action: the one that was probably meant. */
  nearest?: string;
  /** What it works on; empty where policies cannot name its resources: `*` is asked for then. */
  resources: ResourceForm[];
  /** The condition keys that its requests can have: its own, then those of all requests. */
  keys: KeyInfo[];
  /** Further actions that its caller may need. */
  dependentActions: string[];
}

/** A form that the resource of a request can have. */
export interface ResourceForm {
  /** The type's name in the documentation, such as `object`. */
  type: string;
  /** Whether each call works on one of this type. */
  required: boolean;
  /** An ARN of this form; what the scenario tells is filled in. */
  arn: string;
  /** The parts of `arn` that are but proposals. */
  fields: Field[];
}

/** A condition key. */
export interface KeyInfo {
  /** Its name; of a family, such as `aws:RequestTag/${TagKey}`, the part that varies in `${…}`. */
  name: string;
  /** AWS's word for the type of its values. */
  type: "String" | "ARN" | "Bool" | "Numeric" | "Date" | "IPAddress";
  /** The type in words, such as "text, several values". */
  typeName: string;
  /** Whether a request can have several values of it. */
  multivalued: boolean;
  /** Whether all requests can have it, whatever the action. */
  global: boolean;
  /** What it holds. */
  description?: string;
}

/** A remark about the request that changes no decision. */
export interface RequestNote {
  /** A stable code. */
  code:
    | "unknown-request-action"
    | "request-on-wrong-resource"
    | "request-without-resource"
    | "request-takes-no-resource"
    | "dependent-actions";
  /** The remark. */
  message: string;
  /** What to do. */
  help?: string;
  /** Tests that would show what is remarked on. */
  tests?: ProposedTest[];
}

/** A test to be added to the scenario. */
export interface ProposedTest {
  /** Its name. */
  name: string;
  /** What it asks. */
  request: { action: string; resource: string };
  /** What is expected. */
  expect: Decision;
}

// ---- Lessons ------------------------------------------------------------------------------------------------

/** What the learner does in a lesson. */
export type LessonKind = "write" | "fix" | "minimise" | "read" | "break" | "compare";

/** A lesson, as `lessons.json` has it. */
export interface Lesson {
  /** Unique, and the same for ever. */
  id: string;
  /** The topic's id. */
  topic: string;
  /** A few words. */
  title: string;
  /** One sentence: what is to be achieved. */
  goal: string;
  kind: LessonKind;
  /** Ids of what it teaches. */
  concepts: string[];
  /** How long it takes someone new. */
  minutes: number;
  /** AWS's pages that its rule comes from. */
  aws: string[];
  /** The names of the policies that the learner may change. */
  editable: string[];
  /** Whether the learner guesses the answer to the first request before it is shown. */
  predict: boolean;
  /** Whether it closes its topic. */
  challenge: boolean;
  /** Ids of lessons to look at besides. */
  links: string[];
  /** How many statements the editable policies need together. */
  parStatements?: number;
  /** How many characters they need together, white space between tokens not counted. */
  parCharacters?: number;
  /** Markdown. */
  text: string;
  /** What the learner finds. */
  start: Scenario;
  /** The same, solved; absent where nothing is changed. */
  solution?: Scenario;
  /** What has to hold. */
  rows: LessonRow[];
  /** What request the learner looks for. */
  find?: LessonFind;
  /** Markdown, from a nudge to the line. */
  hints: string[];
}

/** A request and the answer it should get. */
export interface LessonRow {
  name: string;
  request: AccessRequest;
  expect: Decision;
  why: string;
  hidden: boolean;
  expectStatements?: StatementId[];
}

/** The request that a learner looks for. */
export interface LessonFind {
  /** What of the request may be changed. */
  change: ("principal" | "action" | "resource" | "context")[];
  /** The answer it has to get (`break`). */
  decision?: Decision;
  /** The two sets of policies (`compare`). */
  sides?: { name: string; policies: string[] }[];
  /** Their answers, where it is not enough that they differ. */
  decisions?: Decision[];
  /** What made it possible. */
  why: string;
}

/** How far an answer is. */
export interface Judgement {
  /** Whether the lesson is done. */
  done: boolean;
  /** Where it stands, in a sentence. */
  message: string;
  /** Why nothing can be decided, where a policy is not finished or the request is unusable. */
  problem?: {
    policy?: string;
    message: string;
    help?: string;
    line?: number;
    /** Whether it can be read, as JSON, but is no policy that AWS would save. */
    refused: boolean;
  };
  /** The rows in their order. */
  rows: LessonRowResult[];
  /** How the search for a request goes (`break`, `compare`). */
  found?: LessonFound;
  /** Statements in the editable policies. */
  statements: number;
  /** Characters in the editable policies, white space between tokens not counted. */
  characters: number;
}

/** How a row does. */
export interface LessonRowResult {
  name: string;
  hidden: boolean;
  pass: boolean;
  /** The right answer. */
  expect: Decision;
  /** The answer given; null where there is none. */
  decision: Decision | null;
  /** Why it was given, in a sentence. */
  reason: string;
  /** The statements that decided, in words. */
  statements: string[];
  /** Why the expected answer is right. */
  why: string;
  /** Where it fails: what is wrong, in a sentence. */
  message?: string;
  /** The whole request. */
  request: AccessRequest;
}

/** How the search for a request goes. */
export interface LessonFound {
  found: boolean;
  /** What the request has to meet, the answer first. */
  conditions: { name: string; met: boolean; why?: string }[];
  /** The decision on the request (`break`), or of each side (`compare`). */
  sides: { name: string; decision: Decision | null; reason: string }[];
  /** What made it possible, once it is found. */
  why?: string;
}

/** What an answer allows beyond a lesson's goal. */
export interface LessonSurplus {
  /** How many actions. */
  count: number;
  /** How many requests were tried. */
  tried: number;
  /** The result in a sentence. */
  message: string;
  /** The actions, the most powerful first; at most 100. */
  actions: { action: string; resource: string; level: string }[];
}

/** What was read in a text from AWS. */
export interface Reading {
  /** What the text is; `encoded`: a message of which only the encoded part is there. */
  kind: "denied" | "encoded" | "decoded" | "cloudTrail" | "nothing";
  /** That in a sentence. */
  message: string;
  /** What was read, one by one. */
  facts: ReadingFact[];
  /** What refused, where the text tells. */
  suspect?: Suspect;
  /** The request as in a scenario; what the text does not tell is left out. */
  request?: AccessRequest;
  /** A scenario with this request, no policies yet, and AWS's answer as a test. */
  scenario?: Scenario;
  /** What to do next, in sentences. */
  next: string[];
  /** A command that tells more. */
  command?: string;
}

/** One thing that was read, for people. */
export interface ReadingFact {
  /** What it is, such as `action`. */
  label: string;
  /** As it was read. */
  value: string;
}

/** What refused, as far as a message tells. */
export interface Suspect {
  /** The kind of policy. */
  policy?: PolicyKind;
  /** Whether a `Deny` decided, or that nothing allows it; absent where the message does not say. */
  expect?: Decision;
  /** The ARN of the policy, where AWS appends it. */
  arn?: string;
  /** What it means, in a sentence. */
  message: string;
}
