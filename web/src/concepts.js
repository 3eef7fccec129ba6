// What the examples teach, in plain words: the gallery's labels and what its search finds. The codes are those of the
// examples' files; some concepts need AWS's commands and are shown by an example only as far as policies go.
// @ts-check

/** @type {Readonly<Record<string, string>>} */
export const CONCEPTS = {
  C1: 'Policy on a user',
  C2: 'Groups',
  C3: 'Denied by default',
  C4: 'Explicit deny wins',
  C5: 'Order of the decision',
  C6: 'Managed and inline policies',
  C7: 'Bucket and queue policies',
  C8: 'Bucket or object ARN',
  C9: 'Wildcards and variables',
  C10: 'Region',
  C11: 'MFA',
  C12: 'Time window',
  C13: 'Source IP address',
  C14: 'Trust and permissions of a role',
  C15: 'Role for a service',
  C16: 'External ID',
  C17: 'Federation: SAML, OIDC, pods',
  C18: 'Temporary credentials',
  C19: 'Permissions boundary',
  C20: 'Service control policy',
  C21: 'Root user',
  C22: 'Least privilege',
  C23: 'Auditor, automation, app server',
  C24: 'Elements of a statement',
  C25: 'Common mistakes',
  C26: 'Access keys',
  C27: 'MFA devices and passwords',
  C28: 'Instance profile',
  C29: 'Audit: reports and trails',
  C30: 'Practice: one bucket only',
  C31: 'Secrets and parameters',
};
