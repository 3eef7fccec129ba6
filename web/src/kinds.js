// How the page presents the seven kinds of policy: headings, hints, and the document a new one starts with.
// What a kind means is the engine's business.
// @ts-check

/** @typedef {import('./types.d.ts').PolicyKindName} PolicyKindName */

/**
 * @typedef {object} KindInfo
 * @property {PolicyKindName} kind
 * @property {string} title  the group's heading
 * @property {string} one  one policy of the kind, in words
 * @property {string} hint  one line under the heading
 * @property {string} name  what a new one is called
 * @property {'via' | 'target' | undefined} extra  the further field its card has
 * @property {object} starter  the document that a new one starts with
 */

/** @param {object} statement */
const version2012 = (statement) => ({ Version: '2012-10-17', Statement: [statement] });

/** @type {readonly KindInfo[]} */
export const KINDS = [
  {
    kind: 'identity',
    title: 'Identity policies',
    one: 'identity policy',
    hint: 'Attached to the user, a group of theirs, or the role.',
    name: 'NewPolicy',
    extra: 'via',
    starter: version2012({
      Sid: 'ReadObjects',
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: ['arn:aws:s3:::my-app-uploads/*'],
    }),
  },
  {
    kind: 'resource',
    title: 'Resource policies',
    one: 'resource policy',
    hint: 'Attached to the bucket, queue or key; a role’s trust policy belongs here too.',
    name: 'resource-policy',
    extra: undefined,
    starter: version2012({
      Sid: 'LetAliceRead',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:user/alice' },
      Action: ['s3:GetObject'],
      Resource: ['arn:aws:s3:::my-app-uploads/*'],
    }),
  },
  {
    kind: 'permissionsBoundary',
    title: 'Permissions boundary',
    one: 'permissions boundary',
    hint: 'The ceiling of a user or role: it grants nothing by itself.',
    name: 'Boundary',
    extra: undefined,
    starter: version2012({ Sid: 'Ceiling', Effect: 'Allow', Action: ['s3:*'], Resource: '*' }),
  },
  {
    kind: 'session',
    title: 'Session policies',
    one: 'session policy',
    hint: 'Passed in when a temporary session is made.',
    name: 'session-policy',
    extra: undefined,
    starter: version2012({ Sid: 'OnlyReading', Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: '*' }),
  },
  {
    kind: 'scp',
    title: 'Service control policies',
    one: 'service control policy (SCP)',
    hint: 'Set by the organization over its accounts, level by level.',
    name: 'FullAWSAccess',
    extra: 'target',
    starter: version2012({ Effect: 'Allow', Action: '*', Resource: '*' }),
  },
  {
    kind: 'rcp',
    title: 'Resource control policies',
    one: 'resource control policy (RCP)',
    hint: 'Set by the organization over the resources in its accounts.',
    name: 'RCPFullAWSAccess',
    extra: 'target',
    starter: version2012({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }),
  },
  {
    kind: 'vpcEndpoint',
    title: 'VPC endpoint policies',
    one: 'VPC endpoint policy',
    hint: 'On the endpoint through which the request travels.',
    name: 'vpce-policy',
    extra: undefined,
    starter: version2012({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }),
  },
];

/** @param {string} kind @returns {kind is PolicyKindName} */
export function isKind(kind) {
  return KINDS.some((info) => info.kind === kind);
}

/** @param {string} kind @returns {KindInfo} */
export function kindInfo(kind) {
  const found = KINDS.find((info) => info.kind === kind);
  if (found) return found;
  return {
    kind: /** @type {PolicyKindName} */ (kind),
    title: kind,
    one: kind,
    hint: 'The engine does not know this kind.',
    name: 'policy',
    extra: undefined,
    starter: {},
  };
}

/** The words and the icon for each decision. `none` stands for null. */
export const DECISIONS = {
  allowed: { title: 'Allowed', short: 'Allowed', icon: /** @type {const} */ ('allow'), hint: '' },
  implicitDeny: {
    title: 'Denied',
    short: 'Implicit deny',
    icon: /** @type {const} */ ('implicit'),
    hint: 'implicit deny: nothing that counts allows it',
  },
  explicitDeny: {
    title: 'Denied',
    short: 'Explicit deny',
    icon: /** @type {const} */ ('explicit'),
    hint: 'explicit deny: a statement forbids it',
  },
  none: { title: 'No decision', short: 'No decision', icon: /** @type {const} */ ('none'), hint: '' },
};

/** @param {string | null | undefined} decision */
export function decisionInfo(decision) {
  return DECISIONS[/** @type {keyof typeof DECISIONS} */ (decision ?? 'none')] ?? DECISIONS.none;
}
