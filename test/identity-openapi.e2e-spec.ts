import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from './support/app.js';
import { signUp, type TestUser } from './support/client.js';
import { asDatabaseOwner } from './support/database.js';
import { callAuth, cookieOf, newAddress } from './support/identity.js';
import { linkIn, MailServer } from './support/smtp.js';

interface Schema {
  readonly example?: unknown;
  readonly properties?: Record<string, Schema>;
}
interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, unknown>;
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
}

const { paths } = JSON.parse(
  readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'),
) as Document;
const PREFIX = '/api/auth';
const operations = Object.entries(paths)
  .filter(([path]) => path.startsWith(`${PREFIX}/`))
  .flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })),
  );

/** What Swagger UI fills in. */
const exampleOf = ({ requestBody }: Pick<Operation, 'requestBody'>) => {
  const { properties = {} } = requestBody?.content['application/json']?.schema ?? {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, { example }]) => [name, example]),
  );
};
const documented = (operationId: string) => {
  const operation = operations.find((each) => each.operationId === operationId);
  if (!operation) throw new Error(`${operationId} is not in openapi.json`);
  return operation;
};

/** Answered on the way to any route: tested once below, and where outages and limits are. */
const ON_THE_WAY = ['413', '415', '429', '503'];

describe('every operation', () => {
  let app: TestApp;
  let ada: TestUser;
  beforeAll(async () => {
    app = await startApp();
    ada = await signUp(app.url);
  });
  afterAll(() => app.close());

  /** Sends this body; without one, what is no JSON. */
  type Call = (json?: unknown, change?: Record<string, string>) => Promise<number>;
  const caller =
    ({ path, method }: { path: string; method: string }): Call =>
    async (json, change = {}) => {
      const { query = '', cookie = ada.cookie, origin = app.url } = change;
      const { status } = await fetch(`${app.url}${path}${query}`, {
        method: method.toUpperCase(),
        redirect: 'manual',
        headers: { origin, cookie, 'content-type': 'application/json' },
        ...(method === 'post' && { body: json === undefined ? '{' : JSON.stringify(json) }),
      });
      return status;
    };

  /** Of each refusal the request that brings it about, from a good one by another. */
  const refusals: Record<string, Record<string, (call: Call, good: object) => Promise<number>>> = {
    signUp: {
      400: (call, good) => call({ ...good, email: 'none' }),
      422: (call, good) => call({ ...good, email: ada.email }),
    },
    signIn: {
      400: (call, good) => call({ ...good, email: 'none' }),
      401: (call, good) => call({ ...good, email: newAddress() }),
    },
    getToken: { 401: (call) => call(undefined, { cookie: '' }) },
    listSessions: {
      401: (call) => call(undefined, { cookie: '' }),
      403: async (call) => {
        const age = (sign: string) =>
          asDatabaseOwner(
            app,
            `update auth.session set "createdAt" = "createdAt" ${sign} interval '2 days'`,
          );
        await age('-');
        const status = await call();
        await age('+');
        return status;
      },
    },
    verifyAddress: {
      302: (call) => call(undefined, { query: '?token=x&callbackURL=/' }),
      400: (call) => call(undefined, { query: '?token=x&callbackURL=https://evil.example' }),
      401: (call) => call(undefined, { query: '?token=x' }),
    },
    openPasswordReset: {
      302: (call) => call(undefined, { query: '?callbackURL=/' }),
      400: (call) => call(undefined, { query: '?callbackURL=https://evil.example' }),
    },
    requestPasswordReset: { 400: (call) => call({ email: 'none' }) },
    sendVerificationMail: { 400: (call) => call({ email: 'none' }) },
    resetPassword: { 400: (call, good) => call(good) },
    changePassword: { 400: (call, good) => call({ ...good, newPassword: 'short' }) },
    deleteAccount: { 400: (call, good) => call({ ...good, password: 'a wrong guess' }) },
    endSession: { 400: (call) => call({}) },
  };
  const ofAllBodies: (typeof refusals)[string] = {
    400: (call) => call(),
    401: (call, good) => call(good, { cookie: '' }),
    403: (call, good) => call(good, { origin: 'https://evil.example' }),
    422: (call, good) => call({ ...good, name: 'a\u0000b' }),
  };

  it.each(operations.map((operation) => [operation.operationId, operation] as const))(
    '%s answers with every refusal that is described',
    async (id, operation) => {
      const call = caller(operation);
      const tries: (typeof refusals)[string] = {
        ...(operation.method === 'post' && ofAllBodies),
        ...refusals[id],
      };
      const expected = Object.keys(operation.responses).filter(
        (status) => status !== '200' && !ON_THE_WAY.includes(status),
      );
      for (const status of expected) {
        const attempt = tries[status];
        if (!attempt) throw new Error(`nothing brings about ${status}`);
        expect([id, status, await attempt(call, exampleOf(operation))]).toEqual([
          id,
          status,
          Number(status),
        ]);
      }
    },
  );

  it('that takes a body refuses a large one, and one that is no JSON', async () => {
    const { path } = documented('signIn');
    const post = async (type: string, body: string) =>
      (
        await fetch(app.url + path, {
          method: 'POST',
          headers: { 'content-type': type },
          body,
        })
      ).status;
    expect(await post('application/json', `"${'x'.repeat(33_000)}"`)).toBe(413);
    expect(await post('text/plain', 'x')).toBe(415);
  });
});

describe('the examples', () => {
  let mail: MailServer;
  beforeAll(async () => {
    mail = await new MailServer().start();
  });
  afterAll(() => mail.stop());

  /** Sends an operation as Swagger UI does, with the cookies of the operations before. */
  const page = (url: string) => {
    let cookie = '';
    return async <T = object>(operationId: string, change: object = {}) => {
      const { path, method, ...operation } = documented(operationId);
      const json = method === 'post' ? { ...exampleOf(operation), ...change } : undefined;
      const answer = await callAuth<T>(url, path.slice(PREFIX.length), json, cookie);
      if (answer.headers.getSetCookie().length > 0) cookie = cookieOf(answer);
      expect([operationId, answer.status]).toEqual([operationId, 200]);
      return answer.body;
    };
  };

  it('work one after the other, from the sign-up to the end of the account', async () => {
    const app = await startApp();
    try {
      const send = page(app.url);
      await send('signUp');
      await send('getToken');
      await send('getKeys');
      expect(await send('getSession')).not.toBeNull();
      await send('signOut');
      expect(await send('getSession')).toBeNull();
      await send('signIn');
      expect(await send<object[]>('listSessions')).toHaveLength(1);
      await send('endSession');
      await send('endOtherSessions');
      await send('changePassword');
      await send('sendVerificationMail');
      await send('requestPasswordReset');
      await send('endSessions');
      await send('signIn', { password: exampleOf(documented('changePassword'))['newPassword'] });
      await send('deleteAccount', {
        password: exampleOf(documented('changePassword'))['newPassword'],
      });
    } finally {
      await app.close();
    }
  });

  it('work with the tokens of mails where mail is sent', async () => {
    const app = await startApp({ SMTP_URL: mail.url });
    try {
      const send = page(app.url);
      const email = 'ada@example.com';
      expect(await send<{ token: null }>('signUp')).toMatchObject({ token: null, user: { email } });
      const verification = linkIn(await mail.mailTo(email));
      const query = new URL(verification).searchParams.get('token') ?? '';
      const { status } = await callAuth(app.url, `/verify-email?token=${query}`);
      expect(status).toBe(200);
      await send('signIn');
      await send('requestPasswordReset', { redirectTo: undefined });
      const { text } = await mail.mailTo(email, 2);
      await send('resetPassword', { token: /"token":"([^"]+)"/.exec(text)?.[1] });
      await send('signIn', { password: exampleOf(documented('resetPassword'))['newPassword'] });
    } finally {
      await app.close();
    }
  });
});
