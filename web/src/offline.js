// Keeps the full page for the next visit without a network: see service-worker.js.
// @ts-check

/** Says on the root element how it went. The browser may have no service workers, or refuse them: then the page works online. */
export async function keepOffline() {
  try {
    const address = new URL('service-worker.js', document.baseURI);
    await navigator.serviceWorker.register(address, { scope: './', updateViaCache: 'none' });
    document.documentElement.dataset.offline = 'asked';
  } catch (error) {
    document.documentElement.dataset.offline = 'refused';
    console.info(`the page is not kept for offline use: ${error instanceof Error ? error.message : error}`);
  }
}
