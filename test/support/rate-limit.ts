import { startApp, type TestApp } from './app.js';
import { type ApiResponse, type RequestOptions, send } from './client.js';
import { SECRET_MODE } from './tokens.js';

export const USER_LIMIT = 5;
export const ADDRESS_LIMIT = 3;

/** Variables of an app with limits that a test reaches soon. */
export const LIMITED = {
  ...SECRET_MODE,
  RATE_LIMIT: 'on',
  RATE_LIMIT_PER_MINUTE: String(USER_LIMIT),
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: String(ADDRESS_LIMIT),
};

const apps: TestApp[] = [];

/** Starts an app that `stopAll` stops. */
export async function start(variables: Record<string, string>): Promise<TestApp> {
  const app = await startApp(variables);
  apps.push(app);
  return app;
}

/** Stops every app that `start` has started. */
export async function stopAll(): Promise<void> {
  for (const app of apps.splice(0)) await app.close();
}

/** Sign-ins that Better Auth allows in ten seconds. */
export const SIGN_INS = 3;

/** Variables of an app with Better Auth, whose own limit is reached before that of the address. */
export const LIMITED_IDENTITY = { RATE_LIMIT: 'on', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '10' };

/** A sign-in that is counted, and then refused with 400. */
export const signIn = (url: string): Promise<ApiResponse<{ code?: string }>> =>
  send(`${url}/api/auth/sign-in/email`, { method: 'POST', headers: { origin: url }, json: {} });

/** Sends as if a proxy had it from this address. */
export const from =
  (address: string) =>
  (url: string, { headers, ...options }: RequestOptions = {}) =>
    send(url, { ...options, headers: { ...headers, 'x-forwarded-for': address } });

/** The statuses of a request sent several times, one after the other. */
export async function statuses(times: number, request: () => Promise<{ status: number }>) {
  const found: number[] = [];
  for (let i = 0; i < times; i += 1) found.push((await request()).status);
  return found;
}

export const repeat = (status: number, times: number) => Array<number>(times).fill(status);
