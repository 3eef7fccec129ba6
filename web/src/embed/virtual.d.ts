// Modules that the build makes.

/** An element as `[tag, attributes, ...children]`, or text. */
type MarkupTree = string | [string, Record<string, string>, ...MarkupTree[]];

/** The regions of `index.html`, so that the page and the embed have one markup. */
declare module 'playground:regions' {
  const regions: MarkupTree;
  export default regions;
}

/** The page's style sheet made fit for a shadow root, and the embed's own rules. */
declare module 'playground:styles' {
  const styles: string;
  export default styles;
}

/** The folder of the full page, seen from `iam-playground.js`; empty where the page is not beside it. */
declare const PLAYGROUND_PAGE: string;

/** The service worker's: the files of the full page, and the name of the build. */
declare const PRECACHED: unknown;
declare const BUILD: string;
