// Policies that are attached by name.
// @ts-check

/**
 * Whether a scenario names AWS managed policies: it is decided once their documents are here.
 * @param {string} scenario  as JSON
 */
export function namesManagedPolicies(scenario) {
  // Nearly none does, and it need not be read for that.
  if (!scenario.includes('"managedPolicy"')) return false;
  const policies = JSON.parse(scenario)?.policies;
  return Array.isArray(policies) && policies.some((/** @type {any} */ policy) => policy?.managedPolicy !== undefined);
}
