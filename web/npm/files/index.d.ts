import type { Report, Scenario } from './iam_playground.js';

export type { Decision, Diagnostic, Policy, PolicyKind, Report, Scenario, Test, TestResult } from './iam_playground.js';

/** A lesson, as the loader given to `registerLessons` resolves to. */
export interface Lesson {
  /** What the reader begins with; its `tests` are the goal. */
  scenario: Scenario;
  /** Fills the place above the regions: the text, the goal, the hints. */
  mount?(place: HTMLElement, playground: HTMLElement): void;
}

/** What the element's events carry in `detail`. All of them bubble, out of shadow roots too. */
export interface IamPlaygroundEventMap {
  /** The first decision stands. `mode`: where the engine runs. */
  'iam-ready': CustomEvent<{ version: string; mode: 'worker' | 'blob' | 'page' }>;
  /** The reader, or a script, changed the scenario. */
  'iam-change': CustomEvent<{ scenario: Scenario }>;
  /** There is a new report. */
  'iam-result': CustomEvent<{ report: Report }>;
  /** All tests of the scenario pass, and did not before. */
  'iam-pass': CustomEvent<{ report: Report }>;
  /** `load`: the scenario or the playground could not be loaded; `engine`: the engine cannot run, or stopped. */
  'iam-error': CustomEvent<{ code: 'load' | 'engine'; message: string }>;
}

/** `<iam-playground>`: policies, a request, the decision and why. Importing this module defines it. */
export declare class IamPlayground extends HTMLElement {
  /** Tells where `lesson="…"` finds its lessons. */
  static registerLessons(loader: (id: string) => Promise<Lesson>): void;
  /** The scenario as it stands; undefined before there is one. Throws when set to what has not the shape of one. */
  get scenario(): Scenario | undefined;
  set scenario(value: Scenario | string | object);
  /** The last report; undefined before the first. */
  readonly report: Report | undefined;
  /** Resolves to the element once the first decision stands. */
  readonly ready: Promise<this>;
  /** Loads regions, editors and engine now, whatever `loading` says. */
  load(): Promise<void>;
  /** Loads the playground if it is not loaded, and gives the report on what stands in it. */
  evaluate(): Promise<Report>;
  /** Puts back what was there at first. */
  reset(): void;
  /** A link to the full page with what stands here; rejected where no full page is known (attribute `page`). */
  shareUrl(): Promise<string>;

  addEventListener<K extends keyof IamPlaygroundEventMap>(
    type: K,
    listener: (this: IamPlayground, event: IamPlaygroundEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: IamPlayground, event: HTMLElementEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'iam-playground': IamPlayground;
  }
}
