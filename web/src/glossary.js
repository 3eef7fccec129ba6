// What the words of the evaluation mean, in a sentence or two each. `anchor` is the entry's name in a glossary page:
// a link to `#permissions-boundary` means the same thing everywhere.
// @ts-check

import { h } from './dom.js';
import { inline } from './markdown.js';

/** @typedef {{ anchor: string, term: string, text: string }} Entry */

/** By the stages of a report. @type {Record<string, Entry>} */
export const GLOSSARY = {
  explicitDeny: {
    anchor: 'explicit-deny',
    term: 'Explicit deny',
    text: 'A statement with "Effect": "Deny" that matches the request. One is enough, in any policy that counts, and no Allow anywhere outweighs it. So it is looked for first.',
  },
  rcp: {
    anchor: 'resource-control-policy',
    term: 'Resource control policy (RCP)',
    text: 'A guardrail that an organization puts over the resources in its accounts: whoever asks, even from outside, gets no further than it lets them. It grants nothing.',
  },
  scp: {
    anchor: 'service-control-policy',
    term: 'Service control policy (SCP)',
    text: 'A guardrail that an organization puts over the users and roles in its accounts, root users included. Every level from the root down to the account must allow the action. It grants nothing.',
  },
  vpcEndpoint: {
    anchor: 'vpc-endpoint-policy',
    term: 'VPC endpoint policy',
    text: 'The rules of a private door from a network into AWS. Requests that come through the endpoint must be allowed by it; it grants nothing, and other requests never meet it.',
  },
  resource: {
    anchor: 'resource-based-policy',
    term: 'Resource-based policy',
    text: 'A policy on the thing that is asked for: a bucket policy, a queue policy, a key policy, or the trust policy of a role. Its Principal says who is meant, which may be someone in another account.',
  },
  identity: {
    anchor: 'identity-based-policy',
    term: 'Identity-based policy',
    text: 'A policy on whoever asks: attached to the user, to a group of theirs, or to the role. It has no Principal, because that is whoever carries it.',
  },
  permissionsBoundary: {
    anchor: 'permissions-boundary',
    term: 'Permissions boundary',
    text: 'A ceiling for one user or role. What identity policies grant counts only as far as the boundary allows it too. It grants nothing.',
  },
  session: {
    anchor: 'session-policy',
    term: 'Session policy',
    text: 'A policy handed over when temporary credentials are made. It narrows what that one session may do and grants nothing.',
  },
};

/** @type {HTMLElement | undefined} */
let open;

/**
 * Shows an entry below the control that asked for it; asked again, it closes.
 * @param {string} stage
 * @param {HTMLElement} from
 */
export function showEntry(stage, from) {
  const entry = GLOSSARY[stage];
  const again = open?.isConnected && open.dataset.entry === stage && open.previousElementSibling === from.parentElement;
  open?.remove();
  from.setAttribute('aria-expanded', String(!again));
  if (!entry || again) return;
  open = h(
    'p',
    { class: 'glossary-entry', id: `glossary-${entry.anchor}`, role: 'note', data: { testid: 'glossary-entry', entry: stage } },
    h('dfn', null, entry.term),
    `: ${entry.text} `,
    // Left out where there is no glossary to go to: in a package of the element alone.
    ...inline(`[Lessons about it](glossary:${entry.anchor})`).filter((part) => part instanceof Element),
  );
  from.setAttribute('aria-controls', open.id);
  from.parentElement?.after(open);
}
