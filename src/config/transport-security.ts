import { isLoopbackHost, parseUrl } from './env.validators.js';

const DATABASE_NAMES = ['DATABASE_URL', 'DATABASE_API_URL', 'DATABASE_IDENTITY_URL'] as const;
const HTTP_NAMES = ['PUBLIC_URL', 'AUTH_JWKS_URL'] as const;
type UrlName = (typeof DATABASE_NAMES)[number] | (typeof HTTP_NAMES)[number] | 'REDIS_URL';

/** Variables of `Env` that contain connection addresses. */
type Connections = { readonly NODE_ENV: string } & Readonly<Partial<Record<UrlName, string>>>;

/** Values of `sslmode` that encrypt every connection, or explicitly none. */
const EXPLICIT_SSL_MODES = ['require', 'no-verify', 'verify-ca', 'verify-full', 'disable'];

/** Returns whether a URL leads to this machine: its loopback interface or a Unix socket. */
function isLocal(url: URL): boolean {
  // The driver prefers this parameter to the host.
  const host = decodeURIComponent(url.searchParams.get('host') ?? url.hostname);
  return host === '' || host.startsWith('/') || isLoopbackHost(host);
}

function isPlainHttp(text: string | undefined): boolean {
  const url = parseUrl(text ?? '');
  return url !== undefined && url.protocol !== 'https:' && !isLoopbackHost(url.hostname);
}

/** Returns a problem for each URL that would silently send data unencrypted over a network. */
export function unencryptedConnectionProblems(env: Connections): string[] {
  const isProduction = env.NODE_ENV === 'production';
  const problems = DATABASE_NAMES.filter((name) => {
    const url = parseUrl(env[name] ?? '');
    // URLs of other schemes are reported by `IsPostgresUrl`.
    if (!isProduction || !url?.protocol.startsWith('postgres') || isLocal(url)) return false;
    return !EXPLICIT_SSL_MODES.includes(url.searchParams.get('sslmode') ?? '');
  }).map(
    (name) =>
      `${name} must use TLS in production: add ?sslmode=verify-full, or ?sslmode=disable on a private network`,
  );
  const insecure = HTTP_NAMES.filter((name) => isProduction && isPlainHttp(env[name]));
  problems.unshift(...insecure.map((name) => `${name} must be https in production`));
  const redis = parseUrl(env.REDIS_URL ?? '');
  const tls = redis?.searchParams.get('tls') ?? undefined;
  if (tls !== undefined && (tls !== 'off' || redis?.protocol === 'rediss:')) {
    problems.push('REDIS_URL accepts no tls parameter except ?tls=off, with redis://');
  } else if (isProduction && redis?.protocol === 'redis:' && !isLocal(redis) && tls !== 'off') {
    problems.push(
      'REDIS_URL must use TLS in production: rediss://, or redis:// with ?tls=off on a private network',
    );
  }
  return problems;
}
