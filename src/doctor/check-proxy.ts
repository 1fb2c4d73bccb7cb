import type { Env } from '../config/index.js';
import { type Finding, ok, warning } from './finding.js';

/** Prefix length of ranges that contain every address. */
const EVERYONE = '/0';

/** Checks whose `X-Forwarded-For` is trusted. */
export function checkProxy(env: Env): Finding {
  const { TRUST_PROXY: trusted, origin } = env;
  const everyone = trusted.filter((range) => range.endsWith(EVERYONE));
  if (everyone.length > 0) {
    const text = `TRUST_PROXY contains ${everyone.join(', ')}: any client can claim any address, and evade limits.`;
    return warning('proxy', text, 'Set TRUST_PROXY to the addresses of your proxies only.');
  }
  if (trusted.length === 0 && origin.startsWith('https:')) {
    const text = `PUBLIC_URL is https, so a proxy is in front; without TRUST_PROXY its clients share one address, and its rate limit.`;
    return warning('proxy', text, 'Set TRUST_PROXY to the address of the proxy.');
  }
  if (trusted.length === 0) return ok('proxy', 'No forwarding header is trusted.');
  return ok('proxy', `Forwarding headers are trusted from ${trusted.join(', ')}.`);
}
