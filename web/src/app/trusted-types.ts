/** Address of the service worker. */
export const SERVICE_WORKER = '/sw.js';

interface TrustedTypes {
  readonly createPolicy: (
    name: string,
    rules: { readonly createScriptURL: (url: string) => string | null },
  ) => unknown;
}

/**
 * Allows the one string that becomes a script: the address of the service worker. The policy of the
 * page refuses every other string in place of HTML, a script or its address (`require-trusted-types-for`).
 */
export function restrictScripts(): void {
  // Missing in older browsers, where the rest of the policy still holds.
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', {
    createScriptURL: (url) => (url === SERVICE_WORKER ? url : null),
  });
}
