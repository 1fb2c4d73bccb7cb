import { describe, expect, it } from '@jest/globals';
import type { MeDto } from '../../src/auth/me.dto.js';
import { startApp, type TestApp, useApp } from '../support/app.js';
import { send, signUp, userWith } from '../support/client.js';
import { expectProblem } from '../support/problem.js';
import { claims, ISSUER, now, SECRET_MODE, signWithSecret } from '../support/tokens.js';

const userOf = async ({ url }: TestApp, changes: Record<string, unknown>) => {
  const token = await signWithSecret(claims(changes));
  return userWith(url, { id: '', email: '', cookie: '', token });
};

describe('GET /api/v1/me', () => {
  const app = useApp(SECRET_MODE);

  it('returns the subject, the issuer and the expiry of the token', async () => {
    const exp = now() + 120;
    const extra = { email: 'ada@example.com', name: 'Ada', sid: 's', role: 'admin' };
    const ada = await userOf(app, { exp, ...extra });
    const { status, headers, body } = await ada.api<MeDto>('/me');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'ada',
      email: 'ada@example.com',
      name: 'Ada',
      issuer: ISSUER,
      tokenExpiresAt: new Date(exp * 1000).toISOString(),
    });
    expect(headers.get('cache-control')).toBe('private, no-store');
  });

  it.each([
    { name: 'are not in the token', changes: {} },
    { name: 'are no texts', changes: { email: null, name: { first: 'Ada' } } },
  ])('leaves out what of them $name', async ({ changes }) => {
    const { body } = await (await userOf(app, changes)).api<MeDto>('/me');
    expect(Object.keys(body)).toEqual(['id', 'issuer', 'tokenExpiresAt']);
  });

  it('is of each token its own', async () => {
    const [ada, bob] = [await userOf(app, {}), await userOf(app, { sub: 'bob' })];
    for (const [user, id] of [
      [ada, 'ada'],
      [bob, 'bob'],
      [ada, 'ada'],
    ] as const) {
      expect((await user.api<MeDto>('/me')).body.id).toBe(id);
    }
  });

  it('needs a token', async () => {
    const response = await send(`${app.url}/api/v1/me`);
    expectProblem(response, 401, 'missing_token', '/api/v1/me');
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="taskward"');
  });

  it('takes no parameter', async () => {
    const response = await (await userOf(app, {})).api('/me?fields=id');
    expectProblem(response, 400, 'invalid_parameter', '/api/v1/me');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is not for %s', async (method) => {
    const response = await (await userOf(app, {})).api('/me', { method });
    expectProblem(response, 405, 'method_not_allowed', '/api/v1/me');
    expect(response.headers.get('allow')).toMatch(/^GET\b/);
  });
});

it('returns name and address of a user of the embedded issuer', async () => {
  const app = await startApp();
  try {
    const ada = await signUp(app.url);
    const { status, body } = await ada.api<MeDto>('/me');
    const port = new URL(app.url).port;
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: ada.id, issuer: `http://localhost:${port}` });
  } finally {
    await app.close();
  }
});
