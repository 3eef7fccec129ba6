// The worker of the embeds on a page.
// @ts-check

import { createHost } from './host.js';

const receive = createHost((message) => self.postMessage(message));
self.addEventListener('message', (event) => void receive(event.data));
