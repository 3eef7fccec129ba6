// Where the gallery lies. A module of its own, imported late: the page needs it only after the first decision.
// @ts-check

export const examplesAddress = new URL('../pkg/examples.json', import.meta.url);
