import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { useApp } from '../support/app.js';

const FRIEND = 'https://app.example.org';
const EVIL = 'evil.example';

/** Spellings by which some reader or other is led to another host. */
const SPELLINGS = [
  `//${EVIL}`,
  `///${EVIL}`,
  `/\\${EVIL}`,
  `\\\\${EVIL}`,
  `/.//${EVIL}`,
  `/x/..//${EVIL}`,
  `/%2e//${EVIL}`,
  `/%2E%2e//${EVIL}`,
  `/x/%2e%2e//${EVIL}`,
  `/%2f${EVIL}`,
  `/%5c${EVIL}`,
  `/\t/${EVIL}`,
  `/\n/${EVIL}`,
  ` //${EVIL}`,
  `\u00a0//${EVIL}`,
  `https:${EVIL}`,
  `https:/${EVIL}`,
  `https:///${EVIL}`,
  `https://${EVIL}`,
  `https://app.example.org@${EVIL}`,
  `https://app.example.org:443@${EVIL}`,
  `https://${EVIL}#https://app.example.org`,
  `https://app.example.org.${EVIL}`,
  `https://app.example.org:8443`,
  `http://app.example.org/`,
  `https://user:password@app.example.org/`,
  `https://app.example.org//${EVIL}`,
  `javascript:alert(1)`,
  `data:text/html,x`,
  `blob:https://app.example.org/x`,
  `mailto:eve@${EVIL}`,
  EVIL,
  'relative/path',
  '?a',
  '#a',
];
const TRUSTED = ['/', '/new-password', '/a?b=//c&d=%2f', `${FRIEND}/`, `${FRIEND}/reset?x=1#y`];

const app = useApp({ TRUSTED_ORIGINS: FRIEND });

const get = (path: string, callbackURL: string) => {
  const query = new URLSearchParams({ token: 'x', callbackURL });
  return fetch(`${app.url}/api/auth${path}?${query.toString()}`, { redirect: 'manual' });
};
/** Every way in which a page to go on to is given and followed. */
const LINKS = ['/verify-email', '/reset-password/x'];

/** Where a browser would be, after the response to a request of this address. */
function hostAfter(response: Response): string {
  const location = response.headers.get('location');
  if (location === null) return 'stayed';
  return new URL(location, `${app.url}/api/auth/verify-email`).origin;
}

describe('a page to go on to', () => {
  it.each(TRUSTED)('is followed when it is ours or trusted: %s', async (target) => {
    for (const path of LINKS) {
      const response = await get(path, target);
      expect([path, response.status]).toEqual([path, 302]);
      const expected = new URL(target, app.url).origin;
      // Relative or by PUBLIC_URL: the same page.
      expect([expected, `http://localhost:${new URL(app.url).port}`]).toContain(
        hostAfter(response),
      );
    }
  });

  it.each(SPELLINGS)('is refused when it leads away: %j', async (target) => {
    for (const path of LINKS) {
      const response = await get(path, target);
      expect([path, response.status, hostAfter(response)]).toEqual([path, 400, 'stayed']);
      expect(await response.json()).toMatchObject({
        code: 'invalid_parameter',
        errors: [{ parameter: 'callbackURL', code: 'redirect' }],
      });
    }
  });

  it.each([
    { path: '/sign-in/email', name: 'callbackURL' },
    { path: '/sign-up/email', name: 'callbackURL' },
    { path: '/send-verification-email', name: 'callbackURL' },
    { path: '/request-password-reset', name: 'redirectTo' },
    { path: '/sign-in/email', name: 'errorCallbackURL' },
    { path: '/sign-in/email', name: 'newUserCallbackURL' },
  ])('is refused as $name in the body of $path', async ({ path, name }) => {
    for (const target of SPELLINGS) {
      const response = await fetch(`${app.url}/api/auth${path}`, {
        method: 'POST',
        headers: { origin: app.url, 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'a@example.com', password: 'x', name: 'a', [name]: target }),
      });
      expect([target, response.status, hostAfter(response)]).toEqual([target, 422, 'stayed']);
      expect(await response.json()).toMatchObject({
        errors: [{ pointer: `/${name}`, code: 'redirect' }],
      });
    }
  });

  it('is never elsewhere, however it is spelled', async () => {
    const part = fc.constantFrom(
      ...[
        '/',
        '//',
        '\\',
        '.',
        '..',
        '%2e',
        '%2f',
        '%5c',
        '%09',
        '\t',
        '@',
        ':',
        '#',
        '?',
        '&',
        '%',
      ],
      ...[
        'http',
        'https',
        'HTTPS',
        EVIL,
        'app.example.org',
        'localhost',
        'x',
        '[::1]',
        '。',
        '\u200b',
      ],
      ...[FRIEND, `${FRIEND}/`, app.url, '/reset-password', ' ', '\u00ad', '\u2028', 'javascript:'],
    );
    const target = fc.array(part, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''));
    const ours = [app.url, `http://localhost:${new URL(app.url).port}`, FRIEND, 'stayed'];
    await fc.assert(
      fc.asyncProperty(target, fc.constantFrom(...LINKS), async (callbackURL, path) => {
        const response = await get(path, callbackURL);
        await response.arrayBuffer();
        expect(ours).toContain(hostAfter(response));
        expect([302, 400, 401]).toContain(response.status);
      }),
      {
        numRuns: 500,
        examples: SPELLINGS.flatMap((one) => LINKS.map((path) => [one, path] as [string, string])),
      },
    );
  });
});
