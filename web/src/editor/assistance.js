// What helps while a policy is written: completion, hovers, writing out wildcards. Loaded with the first look into an
// editor; what is said comes from the engine.
// @ts-check

import { startCompletion } from '@codemirror/autocomplete';
import { completion } from './completion.js';
import { fields } from './fields.js';
import { hovers, showHover } from './hover.js';

/**
 * Asks the engine about the policy of this editor: the scenario and the policy's place in it come before the
 * arguments.
 * @typedef {(method: string, args: unknown[], parts?: import('../worker-whole.js').DataPart[]) => Promise<any>} AskHere
 */

/**
 * @param {AskHere} ask
 * @param {import('../store.js').Ask} askEngine
 */
export function createAssistance(ask, askEngine) {
  // The sentences about actions and keys are large: they are there for a later question.
  const warm = () => void askEngine('dataDate', [], ['descriptions']).catch(() => undefined);
  setTimeout(warm, 500);
  return {
    extension: [completion(ask), fields, hovers(ask, askEngine)],
    complete: startCompletion,
    /** @param {import('@codemirror/view').EditorView} view */
    hover: (view) => showHover(view, ask, askEngine),
  };
}
