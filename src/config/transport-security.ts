import { isLoopbackHost, parseUrl } from './env.validators.js';

const DATABASE_NAMES = ['DATABASE_URL', 'DATABASE_API_URL', 'DATABASE_IDENTITY_URL'] as const;
const HTTP_NAMES = ['PUBLIC_URL', 'AUTH_JWKS_URL'] as const;
type UrlName = (typeof DATABASE_NAMES)[number] | (typeof HTTP_NAMES)[number] | 'REDIS_URL';

/** The variables that say where connections lead, as `Env` has them. */
type Connections = { readonly NODE_ENV: string } & Readonly<Partial<Record<UrlName, string>>>;

/** Values of `sslmode` by which every connection is encrypted, and the one that says otherwise. */
const DECIDED = ['require', 'no-verify', 'verify-ca', 'verify-full', 'disable'];

/** Whether a URL leads to this machine: to its loopback interface, or to a Unix socket. */
function isLocal(url: URL): boolean {
  // The driver prefers the parameter to the host in front of it.
  const host = decodeURIComponent(url.searchParams.get('host') ?? url.hostname);
  return host === '' || host.startsWith('/') || isLoopbackHost(host);
}

function isPlainHttp(text: string | undefined): boolean {
  const url = parseUrl(text ?? '');
  return url !== undefined && url.protocol !== 'https:' && !isLoopbackHost(url.hostname);
}

/** Returns the rules that a URL breaks by which data would cross a network in the clear, unsaid. */
export function unencryptedConnectionsOf(env: Connections): string[] {
  const isProduction = env.NODE_ENV === 'production';
  const problems = DATABASE_NAMES.filter((name) => {
    const url = parseUrl(env[name] ?? '');
    // A URL of another kind has its message.
    if (!isProduction || !url?.protocol.startsWith('postgres') || isLocal(url)) return false;
    return !DECIDED.includes(url.searchParams.get('sslmode') ?? '');
  }).map(
    (name) =>
      `${name} must use TLS in production: add ?sslmode=verify-full, or ?sslmode=disable on a network of your own`,
  );
  const plain = HTTP_NAMES.filter((name) => isProduction && isPlainHttp(env[name]));
  problems.unshift(...plain.map((name) => `${name} must be https in production`));
  const redis = parseUrl(env.REDIS_URL ?? '');
  const tls = redis?.searchParams.get('tls') ?? undefined;
  if (tls !== undefined && (tls !== 'off' || redis?.protocol === 'rediss:')) {
    problems.push('REDIS_URL may have no other tls than ?tls=off, with redis://');
  } else if (isProduction && redis?.protocol === 'redis:' && !isLocal(redis) && tls !== 'off') {
    problems.push(
      'REDIS_URL must use TLS in production: rediss://, or redis:// with ?tls=off on a network of your own',
    );
  }
  return problems;
}
