// The page's style sheet, made fit for the shadow root of an embed:
//
// - What stands on `:root` stands on the embed's frame, `.iam`.
// - Each custom property can be set from outside: `--accent` takes `--iam-accent` where the page around gives one.
// - A `rem` belongs to the page around, where it may be anything: lengths are counted in the frame's own unit.
// @ts-check

/** @param {string} css  as bundled, not minified */
export function embedStyles(css) {
  let inRoot = false;
  return css.replace(/\/\*.*?\*\//gs, '').replace(/([^{};]*)([{};])/g, (_, part, end) => {
    if (end === '{') {
      inRoot = part.trim() === ':root';
      return part.replaceAll(':root', '.iam') + end;
    }
    let text = part.replace(/(?<![\w.-])(-?(?:\d+\.)?\d+|-?\.\d+)rem\b/g, 'calc($1 * var(--rem))');
    if (inRoot) text = text.replace(/^(\s*)--([\w-]+)\s*:\s*([^]*\S)\s*$/, '$1--$2: var(--iam-$2, $3)');
    if (end === '}') inRoot = false;
    return text + end;
  });
}
