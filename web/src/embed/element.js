// `<iam-playground>`: the playground inside any page. This module is all that such a page loads at first; the regions,
// the editors and the engine follow once the reader comes near.
//
// An embed is a guest: it does not touch the page's address, its storage, its styles or its keys.
// @ts-check

import { activeIn, h } from '../dom.js';
import { toState, toScenario } from '../scenario.js';
import { loadLesson, registerLessons } from './lessons.js';
import { heightSheet, shellSheet } from './shell.js';
import { fetchScenario, inlineScenario } from './source.js';
import { staticView } from './static.js';
import { onTheme, themeAround } from './theme.js';

/**
 * @typedef {import('../types.d.ts').PageState} PageState
 * @typedef {import('../types.d.ts').Report} Report
 * @typedef {import('../types.d.ts').Scenario} Scenario
 * @typedef {import('./player.js').Player} Player
 */

/** How near is near: about a screen ahead. */
const AHEAD = '600px';

/** @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * Waits until the elements before this one are drawn, and the browser had time for its reader.
 * @returns {Promise<() => void>} to be called when done
 */
async function myTurn() {
  const before = turn;
  /** @type {() => void} */
  let done = () => {};
  turn = new Promise((resolve) => (done = () => resolve(undefined)));
  await before;
  await new Promise((resolve) => setTimeout(resolve));
  return done;
}

const nearby = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting && target instanceof IamPlayground) void target.load();
    }
  },
  { rootMargin: AHEAD },
);

/** The page's own words for an error. @param {unknown} error */
const words = (error) => (error instanceof Error ? error.message : String(error));

export class IamPlayground extends HTMLElement {
  static observedAttributes = ['src', 'lesson', 'view', 'readonly', 'theme', 'loading', 'max-height', 'predict'];

  /** Tells where `lesson="…"` finds its lessons. */
  static registerLessons = registerLessons;

  #root = this.attachShadow({ mode: 'open' });
  #height = heightSheet();
  #body = h('div', { class: 'shell-body' }, h('slot'));
  #bar = h('div', { class: 'shell-bar', role: 'status', part: 'status' });
  /** @type {Player | undefined} */
  #player;
  /** @type {Promise<void> | undefined} */
  #loading;
  /** Whether it was on a page: then `loading` is heeded as it changes. */
  #met = false;
  /** Whether the last loading failed: what is set next is tried at once. */
  #failed = false;
  /** What the page's script put here. @type {PageState | undefined} */
  #given;
  /** What `reset` goes back to. @type {PageState | undefined} */
  #first;
  /** @type {(() => void) | undefined} */
  #leaveTheme;
  /** Grows with each new source, so that a slow one does not overtake. */
  #source = 0;
  /** @type {(value: this) => void} */
  #isReady = () => {};
  /** @type {Promise<this>} */
  #ready = new Promise((resolve) => (this.#isReady = resolve));

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [shellSheet(), this.#height.sheet];
    this.#root.append(h('div', { class: 'shell', part: 'shell' }, this.#body, this.#bar));
  }

  connectedCallback() {
    // A property that was set before this module was loaded hides the accessor: it is handed on.
    if (Object.hasOwn(this, 'scenario')) {
      const { scenario } = this;
      Reflect.deleteProperty(this, 'scenario');
      this.scenario = scenario;
    }
    this.#met = true;
    this.#leaveTheme?.();
    this.#leaveTheme = onTheme(this, () => this.#showTheme());
    // Only a page that resets everything makes a block of ours inline.
    if (getComputedStyle(this).display === 'inline') this.#height.insist();
    this.#player?.back();
    if (this.#player || this.#loading) return;
    this.#await();
    whenParsed(() => this.#showText());
  }

  disconnectedCallback() {
    this.#leaveTheme?.();
    nearby.unobserve(this);
    // One that is moved is back at once.
    setTimeout(() => {
      if (!this.isConnected) this.#player?.rest();
    });
  }

  /** Loads when `loading` says so. */
  #await() {
    nearby.unobserve(this);
    const loading = this.getAttribute('loading')?.toLowerCase();
    if (loading === 'click') return this.#offer();
    this.#say();
    if (loading === 'eager') void this.load();
    else nearby.observe(this);
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === 'max-height') this.#height.set(now);
    if (name === 'theme') this.#showTheme();
    if (name === 'view' || name === 'readonly' || name === 'predict' || name === 'max-height') this.#player?.configure();
    if (name === 'loading' && this.#met && this.isConnected && !this.#player && !this.#loading) this.#await();
    if (name === 'src' || name === 'lesson') this.#another();
  }

  /** There is another source: it is shown in place of the one that is here, or is coming, or could not be had. */
  #another() {
    if (this.#player) return void this.#open();
    this.#source += 1;
    if (this.#failed) void this.load();
  }

  /** The scenario as it stands, documents as text; undefined before there is one. @returns {Scenario | undefined} */
  get scenario() {
    const state = this.#player?.state ?? this.#given;
    return state && structuredClone(toScenario(state));
  }

  /** Another scenario in place of the one here; throws where it has not the shape of one. @param {unknown} value */
  set scenario(value) {
    const state = toState(value);
    this.#source += 1;
    this.#given = state;
    this.#first = state;
    this.#setLesson(undefined);
    if (this.#player) this.#player.load(state);
    else this.#showText();
    if (this.#failed) void this.load();
  }

  /** The last report; undefined before the first. @returns {Report | undefined} */
  get report() {
    return this.#player?.report;
  }

  /** Resolves to the element once the first decision stands. */
  get ready() {
    return this.#ready;
  }

  /** Loads the playground if it is not loaded, and gives the report on what stands in it. @returns {Promise<Report>} */
  async evaluate() {
    await this.load();
    if (!this.#player) throw new Error('the playground could not be loaded');
    return this.#player.evaluate();
  }

  /** Puts back what was here at first. */
  reset() {
    if (this.#first) this.#player?.load(this.#first);
  }

  /**
   * A link to the full page with what stands here.
   * @returns {Promise<string>}
   */
  async shareUrl() {
    const page = this.#page();
    if (page === undefined) throw new Error('set the attribute `page` to the address of the full playground');
    const { state, lesson } = this.#player ? { state: this.#player.state, lesson: this.#lesson } : await this.#find();
    if (lesson?.id !== undefined) return `${page.replace(/#.*$/, '')}#lesson=${lesson.id}`;
    return this.#link(page, toScenario(state));
  }

  /** @param {string} page @param {object} scenario */
  async #link(page, scenario) {
    const { encodeFragment } = await import('../share.js');
    return page.replace(/#.*$/, '') + (await encodeFragment(scenario));
  }

  /** Loads regions, editors and engine now, whatever `loading` says. @returns {Promise<void>} */
  load() {
    nearby.unobserve(this);
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load() {
    this.#failed = false;
    this.#say('Loading …');
    await new Promise((resolve) => whenParsed(() => resolve(undefined)));
    try {
      const [{ createPlayer }, done] = await Promise.all([import('./player.js'), myTurn()]);
      try {
        const { state, lesson } = await this.#findLast();
        this.#first ??= state;
        this.#lesson = lesson;
        this.#player = createPlayer(this, this.#root, state, {
          wasm: this.#wasm(),
          emit: (name, detail) => this.#emit(name, detail),
          onReady: () => this.#isReady(this),
          share: this.#page() === undefined ? undefined : () => this.shareUrl(),
          reset: () => this.reset(),
          failed: (message) => this.#giveUp(message),
        });
        if (this.#lesson) this.#player.mountLesson(this.#lesson);
        this.#showTheme();
      } finally {
        done();
      }
    } catch (error) {
      this.#loading = undefined;
      this.#failed = true;
      this.#fail('load', words(error), [['Try again', () => void this.load()]]);
    }
  }

  /** @type {import('./lessons.js').Lesson | undefined} */
  #lesson;

  /** @param {import('./lessons.js').Lesson | undefined} lesson */
  #setLesson(lesson) {
    this.#lesson = lesson;
    if (lesson) this.#player?.mountLesson(lesson);
    else this.#player?.leaveLesson();
  }

  /** What to begin with, where the page's script changes its mind meanwhile too. */
  async #findLast() {
    for (;;) {
      const source = this.#source;
      const isLast = () => source === this.#source;
      try {
        const found = await this.#find();
        if (isLast()) return found;
      } catch (error) {
        if (isLast()) throw error;
      }
    }
  }

  /** What to begin with. @returns {Promise<{ state: PageState, lesson?: import('./lessons.js').Lesson }>} */
  async #find() {
    if (this.#given) return { state: this.#given };
    const id = this.getAttribute('lesson');
    if (id !== null) {
      const lesson = await loadLesson(id);
      return { state: toState(lesson.scenario), lesson };
    }
    const src = this.getAttribute('src');
    if (src !== null) {
      try {
        return { state: toState(await fetchScenario(addressOf(src))) };
      } catch (error) {
        throw new Error(`the scenario ${src} could not be opened: ${words(error)}`);
      }
    }
    try {
      return { state: toState(inlineScenario(this) ?? { request: {}, policies: [] }) };
    } catch (error) {
      throw new Error(`what stands here is no scenario: ${words(error)}`);
    }
  }

  /** Another `src` or lesson: what is on screen stays until it is here. */
  async #open() {
    this.#source += 1;
    const source = this.#source;
    this.#given = undefined;
    try {
      const { state, lesson } = await this.#find();
      if (source !== this.#source) return;
      this.#first = state;
      if (!lesson) this.#setLesson(undefined);
      this.#player?.load(state);
      if (lesson) this.#setLesson(lesson);
    } catch (error) {
      if (source !== this.#source) return;
      this.#player?.complain(words(error), [{ label: 'Try again', run: () => void this.#open() }]);
      this.#emit('iam-error', { code: 'load', message: words(error) });
    }
  }

  /** The engine cannot run here: the text and a way to read on. @param {string} message */
  async #giveUp(message) {
    const page = this.#page() === undefined ? undefined : await this.shareUrl().catch(() => undefined);
    this.#player?.complain(`There can be no decision here: ${message}. The text can still be edited.`, [
      ...(page === undefined ? [] : [{ label: 'Open in the playground', href: page }]),
    ]);
    this.#emit('iam-error', { code: 'engine', message });
  }

  /** Without the engine: the children as they are, or the scenario as text. */
  #showText() {
    if (this.#player) return;
    const hasCode = this.querySelector('pre') !== null;
    const scenario = this.#given ? toScenario(this.#given) : this.#readInline();
    if (hasCode && !this.#given) return;
    if (scenario) this.#body.replaceChildren(staticView(/** @type {Record<string, unknown>} */ (scenario)));
  }

  #readInline() {
    try {
      return inlineScenario(this);
    } catch {
      return undefined;
    }
  }

  #offer() {
    this.#stay();
    this.#bar.replaceChildren(
      h('button', { type: 'button', part: 'start', onclick: () => void this.load().then(() => this.#ready).then(() => this.#focus()) }, 'Try it'),
      h('span', null, 'Loads the playground: change the policy and see what is allowed.'),
    );
  }

  /** After a click the focus goes on from where the button was. */
  #focus() {
    if (activeIn(this.#bar) === null) this.#player?.focus();
  }

  /** The text is not about to give way to something else: who has no mouse can scroll it. */
  #stay() {
    const attributes = { tabindex: '0', role: 'group', 'aria-label': 'The policy to be read' };
    for (const [name, value] of Object.entries(attributes)) this.#body.setAttribute(name, value);
  }

  /** @param {string} [message] */
  #say(message) {
    this.#bar.replaceChildren(...(message === undefined ? [] : [message]));
  }

  /** @param {string} code @param {string} message @param {[string, () => void][]} actions */
  #fail(code, message, actions) {
    this.#stay();
    this.#bar.replaceChildren(
      h('span', { part: 'error' }, `The playground could not be opened: ${message}.`),
      ...actions.map(([label, run]) => h('button', { type: 'button', onclick: run }, label)),
    );
    const page = this.#page();
    if (page !== undefined && code === 'load') {
      const link = h('a', { href: page, target: '_blank', rel: 'noopener' }, 'Open the full page');
      this.#bar.append(link);
      const scenario = this.#given ? toScenario(this.#given) : this.#readInline();
      if (scenario) void this.#link(page, scenario).then((address) => (link.href = address), () => {});
    }
    this.#emit('iam-error', { code, message });
  }

  #showTheme() {
    const asked = this.getAttribute('theme')?.toLowerCase();
    const theme = asked === 'light' || asked === 'dark' ? asked : themeAround(this);
    const frame = this.#root.querySelector('.iam');
    if (frame instanceof HTMLElement) frame.dataset.theme = theme;
  }

  /** @param {string} name @param {unknown} detail */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #wasm() {
    const address = this.getAttribute('wasm-src');
    if (!address) return undefined;
    try {
      return addressOf(address).href;
    } catch (error) {
      throw new Error(`the engine ${address} could not be loaded: ${words(error)}`);
    }
  }

  /** The address of the full page, as far as it is known. */
  #page() {
    const given = this.getAttribute('page') ?? (PLAYGROUND_PAGE && new URL(PLAYGROUND_PAGE, import.meta.url).href);
    const address = given && URL.canParse(given, document.baseURI) ? addressOf(given) : undefined;
    return address?.protocol === 'https:' || address?.protocol === 'http:' ? address.href : undefined;
  }
}

/** An address in an attribute. @param {string} text */
function addressOf(text) {
  if (!URL.canParse(text, document.baseURI)) throw new Error('it is no address');
  return new URL(text, document.baseURI);
}

/** Children may still be arriving while the page is being parsed. @param {() => void} action */
function whenParsed(action) {
  if (document.readyState !== 'loading') action();
  else document.addEventListener('DOMContentLoaded', action, { once: true });
}

if (!customElements.get('iam-playground')) customElements.define('iam-playground', IamPlayground);
