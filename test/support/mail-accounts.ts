import { afterAll, beforeAll } from '@jest/globals';
import { type AppOptions, type TestApp, useApp } from './app.js';
import { callAuth, newAddress, PASSWORD } from './identity.js';
import { linkIn, MailServer } from './smtp.js';

/** A response as an attacker sees it: everything, and the milliseconds it took. */
interface Observed {
  readonly ms: number;
  readonly seen: { readonly status: number; readonly headers: object; readonly body: string };
}

/** Routes that respond alike to all addresses; `hashes`: by work that the processor does. */
export const ALIKE_ROUTES = [
  { path: '/sign-in/email', status: 401, hashes: true },
  { path: '/sign-up/email', status: 200, hashes: true },
  { path: '/request-password-reset', status: 200, hashes: false },
  { path: '/send-verification-email', status: 200, hashes: false },
];

/** Replaces everything that differs between any two responses. */
const neutral = (text: string, email: string) =>
  text
    .replaceAll(email, '<email>')
    .replaceAll(/"id":"[A-Za-z0-9]{32}"/g, '"id":"<id>"')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');

/** An app that sends mail, with an account whose address is verified and one whose is not. */
class MailAccounts {
  readonly verified = newAddress();
  readonly unverified = newAddress();

  constructor(readonly app: TestApp) {}

  signUp(email: string, password = PASSWORD) {
    return callAuth(this.app.url, '/sign-up/email', { name: 'ada', email, password });
  }

  async observe(path: string, email: string, password = 'a wrong guess'): Promise<Observed> {
    const { url } = this.app;
    const started = performance.now();
    const response = await fetch(`${url}/api/auth${path}`, {
      method: 'POST',
      headers: { origin: url, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'ada', email, password }),
    });
    const body = await response.text();
    const ms = performance.now() - started;
    const headers = [...response.headers].filter(
      ([name]) => name !== 'date' && name !== 'x-request-id',
    );
    return { ms, seen: { status: response.status, headers, body: neutral(body, email) } };
  }
}

/** Starts them for the tests of a file. */
export function useMailAccounts(options: AppOptions = {}): MailAccounts {
  let mail: MailServer;
  // Before the app, which needs its address.
  beforeAll(async () => {
    mail = await new MailServer().start();
  });
  const app = useApp(() => ({ SMTP_URL: mail.url }), options);
  const accounts = new MailAccounts(app);
  beforeAll(async () => {
    for (const email of [accounts.verified, accounts.unverified]) await accounts.signUp(email);
    const link = linkIn(await mail.mailTo(accounts.verified));
    await fetch(app.url + link.slice(new URL(link).origin.length), { redirect: 'manual' });
  });
  afterAll(() => mail.stop());
  return accounts;
}
