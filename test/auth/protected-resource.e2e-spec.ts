import { describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { send } from '../support/client.js';
import { claims, ISSUER, jwksMode, SECRET_MODE, signWithSecret } from '../support/tokens.js';

interface Metadata {
  readonly authorization_servers: readonly string[];
}

const PATH = '/.well-known/oauth-protected-resource';

/** Reads the metadata, for which a client needs only the address of the app. */
const metadataOf = (url: string, headers: Record<string, string> = {}) =>
  send<Metadata>(`${url}${PATH}`, { headers });

const expected = (origin: string, issuer: string) => ({
  resource: origin,
  authorization_servers: [issuer],
  scopes_supported: ['tasks:read', 'tasks:write'],
  bearer_methods_supported: ['header'],
  resource_name: 'Taskward',
  resource_documentation: `${origin}/docs`,
});

describe('GET /.well-known/oauth-protected-resource with AUTH_MODE=embedded', () => {
  const app = useApp({
    PUBLIC_URL: 'https://tasks.example.org',
    TRUSTED_ORIGINS: 'https://ada.example.org',
  });

  it('names this service as the issuer', async () => {
    const { status, body, headers } = await metadataOf(app.url);
    expect(status).toBe(200);
    expect(body).toEqual(expected('https://tasks.example.org', 'https://tasks.example.org'));
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('may be cached, and be read by pages of any origin', async () => {
    for (const origin of ['https://ada.example.org', 'https://elsewhere.example']) {
      const { headers } = await metadataOf(app.url, { origin });
      expect(headers.get('cache-control')).toBe('public, max-age=3600');
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('responds to HEAD with headers only', async () => {
    const { status, headers } = await send(`${app.url}${PATH}`, { method: 'HEAD' });
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=3600']);
  });

  it('is the only path of /.well-known', async () => {
    for (const path of ['/.well-known', '/.well-known/', `${PATH}/api`]) {
      expect((await send(`${app.url}${path}`)).status).toBe(404);
    }
  });
});

describe.each([
  { mode: 'secret', variables: SECRET_MODE },
  { mode: 'jwks', variables: jwksMode('http://127.0.0.1:9/jwks') },
])('GET /.well-known/oauth-protected-resource with AUTH_MODE=$mode', ({ variables }) => {
  const app = useApp(variables);

  it('names the issuer whose tokens are accepted', async () => {
    const { body } = await metadataOf(app.url);
    expect(body).toEqual(expected(app.url.replace('127.0.0.1', 'localhost'), ISSUER));
  });
});

describe('a token of the issuer that the metadata names', () => {
  const app = useApp(SECRET_MODE);

  it('is accepted', async () => {
    const {
      authorization_servers: [iss],
    } = (await metadataOf(app.url)).body;
    const authorization = `Bearer ${await signWithSecret(claims({ iss }))}`;
    expect((await send(`${app.url}/api/v1/me`, { headers: { authorization } })).status).toBe(200);
  });
});
