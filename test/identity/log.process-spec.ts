import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase } from '../support/database.js';
import { BETTER_AUTH_SECRET, cookieOf, newAddress, PASSWORD } from '../support/identity.js';
import { Program } from '../support/program.js';
import { linkIn, MailServer } from '../support/smtp.js';

const NEW_PASSWORD = 'a new horse battery';
const ADDRESS = '192.0.2.1';
const ID = expect.stringMatching(/^[A-Za-z0-9]{32}$/) as unknown;

interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly context?: string;
  readonly event?: string;
  readonly requestId?: string;
}

/** Members of every event. */
const COMMON = new Set([
  'level',
  'time',
  'pid',
  'hostname',
  'msg',
  'context',
  'requestId',
  'address',
]);

let folder: string;
let mail: MailServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-log-'));
  mail = await new MailServer().start();
});
afterAll(async () => {
  await Program.killAll();
  await mail.stop();
  await rm(folder, { recursive: true, force: true });
});

const linesOf = (output: string) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);

/** A program and what it logs of each request. */
async function start(variables: Record<string, string>) {
  const program = new Program(
    {
      DATABASE_URL: await createDatabase(),
      BETTER_AUTH_SECRET,
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
      TRUST_PROXY: 'loopback',
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: '10000',
      ...variables,
    },
    folder,
  );
  const url = (await program.ready()).replace('localhost', '127.0.0.1');
  let count = 0;
  /** Every call comes from another address, unless it says which: nothing is limited. */
  const call = async (path: string, json?: unknown, cookie = '', from = '') => {
    count += 1;
    const requestId = `request-${String(count)}`;
    const address = from || `198.51.100.${String(count)}`;
    const response = await fetch(`${url}/api/auth${path}`, {
      method: json === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        origin: url,
        'x-request-id': requestId,
        // Some proxies name the port as well, another with each connection.
        'x-forwarded-for': `${address}:${String(40_000 + count)}`,
        ...(cookie && { cookie }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    expect(response.headers.get('x-request-id')).toBe(requestId);
    const { status, headers } = response;
    const body = (await response.text()) || 'null';
    return { status, requestId, address, cookie: cookieOf({ headers }), body };
  };
  /** The lines of a request: its own is the last. */
  const linesAbout = async (requestId: string) => {
    for (;;) {
      const lines = linesOf(program.output).filter((line) => line.requestId === requestId);
      if (lines.at(-1)?.msg === 'request') return lines;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  /** The events of a request, without what is the same in all. */
  const events = async ({ requestId, address }: { requestId: string; address: string }) => {
    const lines = (await linesAbout(requestId)).filter(({ context }) => context === 'Auth');
    return lines.map((line) => {
      expect(line.msg).toBe(line.event);
      if (line.event !== 'account_deleted') expect(line).toHaveProperty('address', address);
      const entries = Object.entries(line) as [string, unknown][];
      return Object.fromEntries(entries.filter(([name]) => !COMMON.has(name)));
    });
  };
  return { program, url, call, events };
}

describe('the authentication log', () => {
  it('has each event once, with the id of its request, and no secret', async () => {
    const { program, call, events } = await start({ SMTP_URL: mail.url });
    const email = newAddress();
    const name = 'ada lovelace';
    const account = { email, password: PASSWORD };
    const cookies: string[] = [];
    const signIn = async (password = PASSWORD) => {
      const { cookie } = await call('/sign-in/email', { email, password });
      cookies.push(cookie);
      return cookie;
    };
    const tokenOf = async (number: number) =>
      /"token":"([^"]+)"/.exec((await mail.mailTo(email, number)).text)?.[1] ?? '';

    const signedUp = await call('/sign-up/email', { name, ...account });
    expect(await events(signedUp)).toEqual([{ event: 'sign_up', userId: ID }]);
    const { userId } = (await events(signedUp))[0] ?? {};

    const again = await call('/sign-up/email', { name, ...account });
    expect(await events(again)).toEqual([
      { event: 'sign_up_refused', reason: 'USER_ALREADY_EXISTS' },
    ]);
    const poor = await call('/sign-up/email', { name, email, password: 'short' });
    expect(await events(poor)).toEqual([
      { event: 'sign_up_refused', reason: 'PASSWORD_TOO_SHORT' },
    ]);

    const early = await call('/sign-in/email', account);
    expect(await events(early)).toEqual([
      { event: 'sign_in_refused', reason: 'EMAIL_NOT_VERIFIED' },
    ]);
    const link = new URL(linkIn(await mail.mailTo(email)));
    const verified = await call(link.pathname.slice('/api/auth'.length) + link.search);
    expect(await events(verified)).toEqual([{ event: 'email_verified', userId }]);

    for (const wrong of [{ password: 'a wrong guess' }, { email: newAddress() }]) {
      const refused = await call('/sign-in/email', { ...account, ...wrong });
      const reason = 'INVALID_EMAIL_OR_PASSWORD';
      expect(await events(refused)).toEqual([{ event: 'sign_in_refused', reason }]);
    }
    const signedIn = await call('/sign-in/email', account);
    expect(await events(signedIn)).toEqual([{ event: 'sign_in', userId, sessionId: ID }]);
    const { sessionId } = (await events(signedIn))[0] ?? {};

    const ended = (by: string) => ({ event: 'session_ended', userId, sessionId: ID, by });
    const signedOut = await call('/sign-out', {}, signedIn.cookie);
    expect(await events(signedOut)).toEqual([{ ...ended('/sign-out'), sessionId }]);
    const [here] = [await signIn(), await signIn(), await signIn()];
    const others = await call('/revoke-other-sessions', {}, here);
    const by = '/revoke-other-sessions';
    expect(await events(others)).toEqual([ended(by), ended(by)]);

    const guess = { currentPassword: 'a wrong guess', newPassword: NEW_PASSWORD };
    const unchanged = await call('/change-password', guess, here);
    expect(await events(unchanged)).toEqual([
      { event: 'password_change_refused', reason: 'INVALID_PASSWORD' },
    ]);
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const changed = await call('/change-password', change, here);
    expect(await events(changed)).toEqual([
      ended('/change-password'),
      { event: 'password_changed', userId, sessionId: ID },
    ]);
    cookies.push(changed.cookie);

    const known = await call('/request-password-reset', { email });
    const unknown = await call('/request-password-reset', { email: newAddress() });
    for (const requested of [known, unknown]) {
      expect(await events(requested)).toEqual([{ event: 'password_reset_requested' }]);
    }
    const sent = mail.mails.filter(({ to }) => to.includes(email)).length;
    const token = await tokenOf(sent);
    const reset = await call('/reset-password', { token, newPassword: PASSWORD });
    expect(await events(reset)).toEqual([
      ended('/reset-password'),
      { event: 'password_reset', userId },
    ]);
    const used = await call('/reset-password', { token, newPassword: PASSWORD });
    expect(await events(used)).toEqual([
      { event: 'password_reset_refused', reason: 'INVALID_TOKEN' },
    ]);

    const last = await signIn();
    const kept = await call('/delete-user', { password: 'a wrong guess' }, last);
    expect(await events(kept)).toEqual([
      { event: 'account_deletion_refused', reason: 'INVALID_PASSWORD' },
    ]);
    const deleted = await call('/delete-user', { password: PASSWORD }, last);
    expect((await events(deleted)).map(({ event }) => event)).toEqual(['account_deleted']);

    const attempt = () => call('/sign-in/email', account, '', ADDRESS);
    for (let i = 0; i < 3; i += 1) await attempt();
    const limited = await attempt();
    expect([limited.status, await events(limited)]).toEqual([
      429,
      [{ event: 'rate_limited', path: '/sign-in/email' }],
    ]);

    const { output } = await program.kill('SIGTERM');
    const secrets = [PASSWORD, NEW_PASSWORD, 'a wrong guess', token, 'example.com', name];
    const values = cookies.map((cookie) => cookie.split('=')[1]?.slice(0, 20) ?? '');
    secrets.push(link.searchParams.get('token') ?? '', BETTER_AUTH_SECRET, ...values);
    for (const secret of secrets) {
      expect(secret).not.toBe('');
      expect(output).not.toContain(secret);
    }
  }, 120_000);

  it('is the louder the more an operator should look', async () => {
    const { call, program } = await start({ SMTP_URL: mail.url });
    await call('/sign-up/email', { name: 'ada', email: newAddress(), password: PASSWORD });
    await call('/sign-in/email', { email: newAddress(), password: PASSWORD });
    const { output } = await program.kill('SIGTERM');
    const levels = linesOf(output)
      .filter(({ context }) => context === 'Auth')
      .map(({ event, level }) => [event, level]);
    expect(levels).toEqual([
      ['sign_up', 30],
      ['sign_in_refused', 40],
    ]);
  });

  it('logs which mail could not be sent and why, but not the recipient', async () => {
    mail.refusals = [550];
    const { call, program } = await start({ SMTP_URL: mail.url });
    await call('/sign-up/email', { name: 'ada', email: newAddress(), password: PASSWORD });
    const { output } = await program.kill('SIGTERM');
    const lines = linesOf(output).filter(({ context }) => context === 'Mail');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 40,
        msg: 'A mail could not be sent: EENVELOPE RCPT TO 550',
      }),
    ]);
    expect(output).not.toContain('example.com');
  });
});

describe('in development, without SMTP_URL', () => {
  it('mail is in the log, links and all, and a sign-up signs in', async () => {
    const { program, call, events } = await start({});
    const email = newAddress();
    const signedUp = await call('/sign-up/email', { name: 'ada', email, password: PASSWORD });
    expect(await events(signedUp)).toEqual([
      { event: 'sign_up', userId: ID },
      { event: 'sign_in', userId: ID, sessionId: ID },
    ]);
    await call('/request-password-reset', { email });
    await events(await call('/send-verification-email', { email }));
    const mails = linesOf(program.output).filter(({ context }) => context === 'Mail');
    const texts = mails.map(({ msg }) => msg);
    expect(texts).toHaveLength(2);
    for (const text of texts) expect(text).toContain(`To: ${email}\nSubject: Taskward: `);
    const [, token] = /"token":"([^"]+)"/.exec(texts[0] ?? '') ?? [];
    const reset = await call('/reset-password', { token, newPassword: NEW_PASSWORD });
    expect(reset.status).toBe(200);
    const link = new URL(/http\S+/.exec(texts[1] ?? '')?.[0] ?? '');
    const verified = await call(link.pathname.slice('/api/auth'.length) + link.search);
    expect(verified.status).toBe(302);
  });
});

describe('in development, without SMTP_URL, where others can reach it', () => {
  it('no link is in the log', async () => {
    const { program, call } = await start({ HOST: '0.0.0.0' });
    const email = newAddress();
    await call('/sign-up/email', { name: 'ada', email, password: PASSWORD });
    await call('/request-password-reset', { email });
    await program.kill('SIGTERM');
    const mails = linesOf(program.output).filter(({ context }) => context === 'Mail');
    expect(mails).toEqual([]);
    expect(program.output).not.toContain(email);
  });
});
