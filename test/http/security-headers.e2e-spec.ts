import { describe, expect, it } from '@jest/globals';
import { type TestApp, useApp } from '../support/app.js';
import { send, signUp } from '../support/client.js';
import { parseResponses, speak } from '../support/raw.js';

const HSTS = 'max-age=31536000; includeSubDomains';
const PATHS = [
  '/api/v1/me',
  '/api/auth/jwks',
  '/openapi.json',
  '/llms.txt',
  '/health/live',
  '/nope',
  '/docs/nope',
];

const plain = useApp();
const secure = useApp({ PUBLIC_URL: 'https://tasks.example.org' });

/** Expects what a response that is no page carries. */
function expectNoPage(headers: Headers): void {
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  );
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('referrer-policy')).toBe('same-origin');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
}

describe('a response that is no page', () => {
  it.each(PATHS)('may not be embedded, run or read by other sites: %s', async (path) => {
    for (const { url } of [plain, secure]) expectNoPage((await send(url + path)).headers);
  });

  it.each(['GET / HTTP/3.0\r\n\r\n', 'GET / HTTP/1.1\r\nX: \0\r\n\r\n', 'nonsense\r\n\r\n'])(
    'is safe also where no request could be read: %j',
    async (bytes) => {
      for (const [url, hsts] of [
        [plain.url, null],
        [secure.url, HSTS],
      ] as const) {
        const [response] = parseResponses(await speak(url, bytes, { end: true }));
        if (response === undefined) throw new Error('there is no answer');
        expectNoPage(response.headers);
        expect(response.headers.get('strict-transport-security')).toBe(hsts);
      }
    },
  );

  it.each(PATHS)('has HSTS if users come by HTTPS, and only then: %s', async (path) => {
    const headers = async ({ url }: TestApp) => (await send(url + path)).headers;
    expect((await headers(secure)).get('strict-transport-security')).toBe(HSTS);
    expect((await headers(plain)).get('strict-transport-security')).toBeNull();
  });
});

describe('a page', () => {
  const page = async ({ url }: TestApp, method = 'GET') => {
    const response = await fetch(`${url}/docs`, { method });
    const policy = response.headers.get('content-security-policy') ?? '';
    const directives = Object.fromEntries(
      policy.split(';').map((directive) => {
        const [name = '', ...sources] = directive.trim().split(' ');
        return [name, sources];
      }),
    );
    return { headers: response.headers, policy, directives, html: await response.text() };
  };

  it('runs only scripts of its origin, and cannot be framed', async () => {
    const { headers, policy, directives, html } = await page(secure);
    expect(directives).toMatchObject({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
    });
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
    expect(html).not.toMatch(/<script>|<script(?![^>]*\ssrc=)|\son\w+=/);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('strict-transport-security')).toBe(HSTS);
  });

  it('has no style written into itself, and allows none', async () => {
    const { directives, html } = await page(plain);
    expect(html).not.toMatch(/<style|\sstyle=/);
    expect(directives['style-src']).toEqual(["'self'"]);
  });

  it('has the same headers in response to HEAD', async () => {
    expect((await page(plain, 'HEAD')).policy).toBe((await page(plain)).policy);
  });
});

describe('the session cookie', () => {
  it('is taken from this host alone where users come by HTTPS', async () => {
    const headers = { origin: 'https://tasks.example.org' };
    const json = { name: 'ada', email: 'host@example.com', password: 'correct horse battery' };
    const { headers: sent } = await send(`${secure.url}/api/auth/sign-up/email`, {
      method: 'POST',
      json,
      headers,
    });
    const cookies = sent.getSetCookie();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-taskward\.\w+=/);
      expect(cookie).toMatch(/; Path=\/;.*HttpOnly.*Secure|; Path=\/;.*Secure.*HttpOnly/);
      expect(cookie).toMatch(/SameSite=Lax/);
      expect(cookie).not.toMatch(/Domain=/);
    }
  });

  it('has the product’s name without HTTPS', async () => {
    expect((await signUp(plain.url)).cookie).toMatch(/^taskward\.session_token=/);
  });
});
