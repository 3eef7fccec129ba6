// Policies that are attached by name.
// @ts-check

/**
 * Whether a scenario names AWS managed policies: it is decided once their documents are here.
 * @param {any} scenario
 */
export function namesManagedPolicies(scenario) {
  const policies = scenario?.policies;
  return Array.isArray(policies) && policies.some((policy) => policy?.managedPolicy !== undefined);
}
