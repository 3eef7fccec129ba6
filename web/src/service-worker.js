// Makes the full page work offline after the first visit. It keeps the page as it was built: names in `assets/` carry a
// hash of their content, so what is kept under a name is what the name means. AWS's data is kept once it was used.
//
// The page itself comes from the network while there is one, so that a new version is seen at once. A new service worker
// waits until no page of the old one is open: an open page finds what it still has to load.
// @ts-check

/** What the page consists of, from this file. */
const files = /** @type {string[]} */ (PRECACHED);
const CACHE = `iam-playground-${BUILD}`;
const PREFIX = 'iam-playground-';

/** The types of the page do not know a service worker's scope. @type {any} */
const worker = self;
const scope = new URL('./', location.href);

worker.addEventListener('install', (/** @type {any} */ event) => {
  // Past the browser's own cache: what it holds under `./` may be the page before this one.
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(files.map((file) => new Request(file, { cache: file === './' ? 'reload' : 'default' })))),
  );
});

worker.addEventListener('activate', (/** @type {any} */ event) => {
  event.waitUntil(dropOlder().then(() => worker.clients.claim()));
});

/** Caches of earlier builds of this page; others of this origin are none of ours. */
async function dropOlder() {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === CACHE) continue;
    const cache = await caches.open(name);
    if (await cache.match(scope.href)) await caches.delete(name);
  }
}

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== scope.origin || !address.pathname.startsWith(scope.pathname)) return;
  const path = address.pathname.slice(scope.pathname.length);
  if (request.mode === 'navigate') {
    // Only the full page: an embed is a guest, and asks the network.
    if (path === '' || path === 'index.html') event.respondWith(page(request));
  } else if (path.startsWith('assets/')) {
    event.respondWith(asset(request, files.includes(path) || /\.txt$/.test(path)));
  }
});

/** @param {Request} request */
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(scope.href, { cacheName: CACHE });
    if (kept) return kept;
    throw error;
  }
}

/** @param {Request} request @param {boolean} keep */
async function asset(request, keep) {
  const kept = await caches.match(request.url, { cacheName: CACHE });
  if (kept) return kept;
  const response = await fetch(request);
  if (keep && response.ok) await put(request.url, response.clone()).catch(() => {});
  return response;
}

/**
 * A copy for the next time; that it cannot be kept is no reason not to answer. What a newer service worker has dropped
 * meanwhile is not made again: nobody would drop it any more.
 * @param {string} url @param {Response} response
 */
async function put(url, response) {
  if (await caches.has(CACHE)) await (await caches.open(CACHE)).put(url, response);
}
