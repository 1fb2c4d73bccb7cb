import { RemoteKeys } from './remote-keys.js';
import { usableKeys } from './verification-key.js';

/**
 * Fetches a key set and returns how many of its keys can verify tokens.
 *
 * @throws Error when it cannot be fetched, or no key is usable.
 */
export async function inspectKeySet(url: string): Promise<number> {
  const keys = await usableKeys(await new RemoteKeys(url).load());
  return keys.size;
}
