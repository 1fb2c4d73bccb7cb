const KEY_BYTES = 16;

/** Returns a random key. `crypto.randomUUID` is missing on pages that are not served over TLS. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
