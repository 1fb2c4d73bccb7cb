import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, useApp } from '../support/app.js';
import { send, signUp, type TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import { documentedOperations, exampleOf } from '../support/examples.js';
import { callAuth, cookieOf, newAddress } from '../support/identity.js';
import { linkIn, MailServer } from '../support/smtp.js';

interface Description {
  readonly servers: readonly object[];
  readonly components: { readonly securitySchemes: object };
}

const PREFIX = '/api/auth';
const operations = documentedOperations.filter(({ path }) => path.startsWith(`${PREFIX}/`));

const documented = (operationId: string) => {
  const operation = operations.find((each) => each.operationId === operationId);
  if (!operation) throw new Error(`${operationId} is not in openapi.json`);
  return operation;
};

const newPasswordOf = (operationId: string) =>
  Reflect.get(exampleOf(documented(operationId)) ?? {}, 'newPassword') as unknown;

/** Answered on the way to any route: tested once below, and where outages and limits are. */
const ON_THE_WAY = ['413', '415', '429', '503'];

describe('every operation', () => {
  const app = useApp();
  let ada: TestUser;
  beforeAll(async () => {
    ada = await signUp(app.url);
  });

  interface Outcome {
    readonly status: number;
    /** Absent where the response has no body. */
    readonly code?: string;
  }
  /** Sends this body; without one, what is no JSON. */
  type Call = (json?: unknown, change?: Record<string, string>) => Promise<Outcome>;
  const caller =
    ({ path, method }: { path: string; method: string }): Call =>
    async (json, change = {}) => {
      const { query = '', cookie = ada.cookie, origin = app.url } = change;
      const response = await fetch(`${app.url}${path}${query}`, {
        method: method.toUpperCase(),
        redirect: 'manual',
        headers: { origin, cookie, 'content-type': 'application/json' },
        ...(method === 'post' && { body: json === undefined ? '{' : JSON.stringify(json) }),
      });
      const text = await response.text();
      const { status } = response;
      return { ...(text !== '' && (JSON.parse(text) as { code?: string })), status };
    };

  /** For each refusal, the request that causes it, derived from a good one. */
  const refusals: Record<string, Record<string, (call: Call, good: object) => Promise<Outcome>>> = {
    signUp: {
      400: (call, good) => call({ ...good, email: 'none' }),
      422: (call, good) => call({ ...good, email: ada.email }),
    },
    updateUser: { 400: (call) => call({}) },
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
        const outcome = await call();
        await age('+');
        return outcome;
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
    '%s answers with every refusal that is described, and with the code of its example',
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
        const outcome = await attempt(call, exampleOf(operation) ?? {});
        expect([id, status, outcome.status]).toEqual([id, status, Number(status)]);
        const media = Object.values(operation.responses[status]?.content ?? {});
        const codes = media.map(({ example }) => (example as { code?: string }).code);
        // A redirect has no content, and so no code.
        expect(codes.length > 0 ? codes : [undefined]).toContain(outcome.code);
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

/** Beside the examples, for operations that take their answer from the query or say 401 of it. */
const QUERIES: Record<string, string> = {
  verifyAddress: '?token=x&callbackURL=/',
  openPasswordReset: '?callbackURL=/',
};

describe('the cookie of a session', () => {
  it.each([
    { publicUrl: 'https://tasks.example.org', name: '__Host-taskward.session_token' },
    { publicUrl: 'http://localhost:3000', name: 'taskward.session_token' },
  ])('is described by the name that $publicUrl gives it', async ({ publicUrl, name }) => {
    const app = await startApp({ PUBLIC_URL: publicUrl });
    try {
      const { body } = await send<Description>(`${app.url}/openapi.json`);
      const { headers } = await send(`${app.url}${documented('signUp').path}`, {
        method: 'POST',
        json: exampleOf(documented('signUp')),
      });
      expect(body.servers).toEqual([{ url: publicUrl }]);
      expect(body.components.securitySchemes).toMatchObject({
        session: { type: 'apiKey', in: 'cookie', name },
      });
      expect(headers.getSetCookie().map((cookie) => cookie.split('=', 1)[0])).toEqual([name]);
    } finally {
      await app.close();
    }
  });

  it('an operation needs a session if, and only if, it declares so', async () => {
    const app = await startApp();
    try {
      await callAuth(app.url, '/sign-up/email', exampleOf(documented('signUp')));
      for (const operation of operations) {
        const { operationId, path, method, security } = operation;
        const response = await send(`${app.url}${path}${QUERIES[operationId] ?? ''}`, {
          method: method.toUpperCase(),
          json: exampleOf(operation),
        });
        const isClosed = security.every((way) => 'session' in way) && security.length > 0;
        expect([operationId, response.status === 401]).toEqual([operationId, isClosed]);
      }
    } finally {
      await app.close();
    }
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
      const operation = documented(operationId);
      const { path, method } = operation;
      const json = method === 'post' ? { ...exampleOf(operation), ...change } : undefined;
      const response = await callAuth<T>(url, path.slice(PREFIX.length), json, cookie);
      if (response.headers.getSetCookie().length > 0) cookie = cookieOf(response);
      expect([operationId, response.status]).toEqual([operationId, 200]);
      return response.body;
    };
  };

  it('work one after the other, from the sign-up to the end of the account', async () => {
    const app = await startApp();
    try {
      const call = page(app.url);
      await call('signUp');
      await call('getToken');
      await call('getKeys');
      expect(await call('getSession')).not.toBeNull();
      await call('signOut');
      expect(await call('getSession')).toBeNull();
      await call('signIn');
      expect(await call<object[]>('listSessions')).toHaveLength(1);
      await call('endSession');
      await call('endOtherSessions');
      await call('changePassword');
      await call('sendVerificationMail');
      await call('requestPasswordReset');
      await call('endSessions');
      await call('signIn', { password: newPasswordOf('changePassword') });
      await call('deleteAccount', {
        password: newPasswordOf('changePassword'),
      });
    } finally {
      await app.close();
    }
  });

  it('work with the tokens of mails where mail is sent', async () => {
    const app = await startApp({ SMTP_URL: mail.url });
    try {
      const call = page(app.url);
      const email = 'ada@example.com';
      expect(await call<{ token: null }>('signUp')).toMatchObject({ token: null, user: { email } });
      const verification = linkIn(await mail.mailTo(email));
      const query = new URL(verification).searchParams.get('token') ?? '';
      const { status } = await callAuth(app.url, `/verify-email?token=${query}`);
      expect(status).toBe(200);
      await call('signIn');
      await call('requestPasswordReset', { redirectTo: undefined });
      const { text } = await mail.mailTo(email, 2);
      await call('resetPassword', { token: /"token":"([^"]+)"/.exec(text)?.[1] });
      await call('signIn', { password: newPasswordOf('resetPassword') });
    } finally {
      await app.close();
    }
  });
});
