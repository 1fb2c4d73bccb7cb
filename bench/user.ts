import { randomUUID } from 'node:crypto';
import type { Side } from './sides.ts';

export const PASSWORD = 'correct horse battery';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  /** Cookies of the session. */
  readonly cookie: string;
}

const headersFor = (origin: string) => ({ origin, 'content-type': 'application/json' });

/** Signs in; returns the status of the response. */
export async function signIn({ origin }: Side, { email }: User): Promise<number> {
  const response = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: headersFor(origin),
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Creates a user on our side, with a token. */
export async function signUp({ origin }: Side): Promise<User> {
  const email = `bench.${randomUUID()}@example.com`;
  const response = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: headersFor(origin),
    body: JSON.stringify({ name: 'Bench', email, password: PASSWORD }),
  });
  if (!response.ok) throw new Error(`sign-up: ${await response.text()}`);
  const { user } = (await response.json()) as { user: { id: string } };
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const issued = await fetch(`${origin}/api/auth/token`, { headers: { cookie } });
  const { token } = (await issued.json()) as { token: string };
  return { id: user.id, email, token, cookie };
}
