// Other people's pages with a playground in them: small sites made up by a test, beside the built playground.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built page. */
export const dist = fileURLToPath(new URL('../../web/dist/', import.meta.url));

export const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
};

/**
 * A site: `pages` by path, text or `{ body, headers, status }`; below `/play/` the built playground (or another `folder`).
 * @param {{ pages?: Record<string, any>, headers?: Record<string, string>, folder?: string }} options
 */
export async function site({ pages = {}, headers = {}, folder = dist } = {}) {
  /** @type {string[]} */
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    asked.push(path);
    const page = pages[path];
    if (page !== undefined) {
      const { body = page, headers: own = {}, status = 200 } = typeof page === 'string' ? {} : page;
      response.writeHead(status, { 'content-type': TYPES[extname(path)] ?? TYPES['.html'], ...headers, ...own });
      response.end(body);
      return;
    }
    try {
      if (!path.startsWith('/play/')) throw new Error('not here');
      const file = join(folder, path.slice('/play/'.length) || 'index.html');
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', ...headers });
      response.end(body);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = server.address();
  return {
    address: `http://127.0.0.1:${port}/`,
    /** The same site under another origin. */
    other: `http://localhost:${port}/`,
    asked,
    pages,
    close: () => server.close(),
  };
}

/** A page of documentation. */
export function hostPage(body, { head = '', script = '/play/iam-playground.js', attributes = '', body: bodyAttributes = '' } = {}) {
  return `<!doctype html><html lang="en"${attributes}><head><meta charset="utf-8"><title>Docs</title>
<link rel="stylesheet" href="${new URL('iam-playground.css', new URL(script, 'http://x/')).href.replace('http://x', '')}">
${head}
<script type="module" src="${script}"></script></head><body${bodyAttributes}>${body}</body></html>`;
}

export const POLICY = JSON.stringify(
  {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Objects', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }],
  },
  null,
  2,
);

export const REQUEST = {
  principal: 'arn:aws:iam::111122223333:user/alice',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::photos/cat.jpg',
};

export const scenario = (changes = {}) => ({
  title: 'photos',
  request: REQUEST,
  policies: [{ kind: 'identity', name: 'Read', document: JSON.parse(POLICY) }],
  ...changes,
});

/** `</script>` inside the JSON must not end the element. */
export const asScript = (value) =>
  `<script type="application/json" slot="scenario">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`;
