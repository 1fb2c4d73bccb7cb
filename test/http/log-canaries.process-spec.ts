import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, withOwner } from '../support/database.js';
import { BETTER_AUTH_SECRET } from '../support/identity.js';
import { Collector } from '../support/otlp-collector.js';
import { Program } from '../support/program.js';
import { speak } from '../support/raw.js';
import { linkIn, MailServer } from '../support/smtp.js';
import { until } from '../support/until.js';

const PASSWORD = 'canary-password correct horse';
const NEW_PASSWORD = 'canary-new-password correct horse';

let folder: string;
let mail: MailServer;
let collector: Collector;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-canaries-'));
  mail = await new MailServer().start();
  collector = await new Collector().start();
});
afterAll(async () => {
  await Program.killAll();
  await mail.stop();
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A program that logs, and every secret that passed through it. */
class Watched {
  readonly secrets = new Set<string>();

  private constructor(
    readonly program: Program,
    readonly url: string,
    readonly databaseUrl: string,
  ) {}

  static async start(variables: Record<string, string>): Promise<Watched> {
    const databaseUrl = await createDatabase();
    const program = new Program(
      {
        DATABASE_URL: databaseUrl,
        BETTER_AUTH_SECRET,
        SMTP_URL: mail.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        RATE_LIMIT: 'off',
        ...variables,
      },
      folder,
    );
    const url = (await program.ready()).replace('localhost', '127.0.0.1');
    return new Watched(program, url, databaseUrl);
  }

  /** A new value that no log may show. */
  canary(kind: string): string {
    const canary = `canary-${kind}-${randomUUID()}`;
    this.secrets.add(canary);
    return canary;
  }

  async call(path: string, options: { method?: string; json?: unknown; headers?: object } = {}) {
    const { json, headers = {} } = options;
    const body = json === undefined ? undefined : JSON.stringify(json);
    const response = await fetch(`${this.url}${path}`, {
      method: options.method ?? (body === undefined ? 'GET' : 'POST'),
      redirect: 'manual',
      headers: {
        origin: this.url,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0] ?? '')
      .join('; ');
    for (const [, value = ''] of cookie.matchAll(/=([^;]{8,})/g)) {
      this.secrets.add(value).add(decodeURIComponent(value));
    }
    const text = await response.text();
    return { status: response.status, cookie, text, location: response.headers.get('location') };
  }

  /** Ends the program, so that every line is there. */
  async leaks(): Promise<string[]> {
    await this.program.kill('SIGTERM');
    const output = this.program.output.toLowerCase();
    return [...this.secrets].filter((secret) => output.includes(secret.toLowerCase()));
  }
}

/** Walks every flow that has a secret. */
async function walk(app: Watched): Promise<void> {
  app.secrets.add(PASSWORD).add(NEW_PASSWORD);
  const email = `${app.canary('address')}@example.com`;
  const name = app.canary('name');
  const auth = (path: string, json?: unknown, cookie = '') =>
    app.call(`/api/auth${path}`, { json, headers: cookie ? { cookie } : {} });

  // Sign-up, a wrong password, verification by the link of the mail.
  await auth('/sign-up/email', { email, name, password: PASSWORD });
  await auth('/sign-up/email', { email, name, password: PASSWORD });
  await auth('/sign-in/email', { email, password: app.canary('wrong') });
  const verification = new URL(linkIn(await mail.mailTo(email)));
  app.secrets.add(verification.searchParams.get('token') ?? '');
  await auth(`${verification.pathname.replace('/api/auth', '')}${verification.search}`);
  const { cookie } = await auth('/sign-in/email', { email, password: PASSWORD });
  expect(cookie).not.toBe('');

  // Passwords: change, reset by link and by request, wrong tokens, odd spellings of the link.
  const changed = await auth(
    '/change-password',
    { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
    cookie,
  );
  await auth(
    '/change-password',
    { currentPassword: app.canary('guess'), newPassword: 'x' },
    cookie,
  );
  await auth('/request-password-reset', { email, redirectTo: '/new-password' });
  const link = () =>
    mail.mails
      .filter(({ to }) => to.includes(email))
      .map(({ text }) => /http\S+\/reset-password\/\S+/.exec(text)?.[0])
      .find((found) => found !== undefined);
  await until(() => Promise.resolve(link() !== undefined));
  const reset = new URL(link() ?? '');
  const token = reset.pathname.split('/').at(-1) ?? '';
  app.secrets.add(token);
  for (const path of [
    `/reset-password/${token}`,
    `/reset-password/${token}?callbackURL=/x`,
    `/reset-password/${token}?callbackURL=//evil.example`,
    `/Reset-Password/${token}`,
    `/reset-password/${token}/`,
    `/%72eset-password/${token}?callbackURL=/x`,
    `/../auth/reset-password/${token}`,
    `/reset-password/%zz${token}`,
  ]) {
    await speak(app.url, `GET /api/auth${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  }
  for (const path of [`/reset-password/${token}`, `/api/v1/../auth/reset-password/${token}`]) {
    await speak(app.url, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  }
  await app.call(`/api/auth/reset-password/${token}`, { method: 'PUT' });
  await auth('/reset-password', { token: app.canary('token'), newPassword: NEW_PASSWORD });
  await auth('/reset-password', { token, newPassword: PASSWORD });
  const session = await auth('/sign-in/email', { email, password: PASSWORD });
  await auth('/list-sessions', undefined, session.cookie);
  await auth('/update-user', { name: app.canary('newname') }, session.cookie);
  await auth('/revoke-session', { token: app.canary('session') }, session.cookie);

  await walkTasks(app, session.cookie);
  await auth('/sign-out', {}, changed.cookie);
  await auth('/delete-user', { password: app.canary('deletion') }, session.cookie);
  await auth('/delete-user', { password: PASSWORD }, session.cookie);
}

/** A personal token: made, used, altered, in the wrong places, and revoked. */
async function walkTokens(
  app: Watched,
  headers: { readonly authorization: string },
): Promise<void> {
  const json = { name: 'script', scopes: ['tasks:read'] };
  const made = await app.call('/api/v1/tokens', { json, headers });
  const { id, token } = JSON.parse(made.text) as { id: string; token: string };
  // Its random characters alone are the secret.
  app.secrets.add(token.slice(0, -6)).add(token.slice('tw_pat_'.length, -6));
  const withToken = (authorization: string, path = '/api/v1/tasks', method = 'GET') =>
    app.call(path, { method, headers: { authorization } });
  expect((await withToken(`Bearer ${token}`)).status).toBe(200);
  const statuses = [
    await withToken(`Bearer ${token}`, '/api/v1/tasks', 'POST'),
    await withToken(`Bearer ${token}`, '/api/v1/tokens'),
    await withToken(`Bearer ${token.slice(0, -1)}`),
    await withToken(`Bearer ${token} x`),
    await withToken(token),
    await app.call(`/api/v1/tasks?access_token=${token}`),
    await app.call('/api/v1/tokens', { json: { ...json, name: 5, token }, headers }),
    await app.call('/api/auth/token', { headers: { authorization: `Bearer ${token}` } }),
    await app.call(`/api/v1/tokens/${id}`, { method: 'DELETE', headers }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([403, 403, 401, 401, 401, 401, 422, 401, 204]);
  await until(async () => (await withToken(`Bearer ${token}`)).status === 401);
}

/** A calendar feed: made, read, altered, in the wrong places, and deleted. */
async function walkFeeds(app: Watched, headers: { readonly authorization: string }): Promise<void> {
  const made = await app.call('/api/v1/feeds', { json: { as: 'todos' }, headers });
  const { id, url } = JSON.parse(made.text) as { id: string; url: string };
  const secret = url.split('/').at(-1)?.replace('.ics', '') ?? '';
  // Its random characters alone are the secret.
  app.secrets.add(secret.slice(0, -6)).add(secret.slice('tw_feed_'.length, -6));
  const [path, referer] = [`/feeds/${secret}.ics`, { referer: url }];
  const statuses = [
    await app.call(path, { headers: referer }),
    await app.call(path, { method: 'HEAD' }),
    await app.call(path, { method: 'PUT' }),
    await app.call(`/api/v1/feeds/${secret}`, { method: 'DELETE', headers }),
    await app.call(`/api/v1/feeds/${secret}.ics`, { headers }),
    await app.call(`/api/v1/tasks?feed=${secret}`, { headers }),
    await app.call('/api/v1/feeds', { json: { as: secret }, headers }),
    await app.call('/api/v1/me', { headers: { authorization: `Bearer ${secret}` } }),
    await app.call(`/api/v1/feeds/${id}`, { method: 'DELETE', headers }),
    await app.call(path),
  ].map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 405, 400, 405, 400, 422, 401, 204, 404]);
  const [name] = path.split('.');
  for (const other of [
    String(name),
    `${path}/`,
    `/Feeds/${secret}.ics`,
    `/%66eeds/%74w_feed_${secret.slice('tw_feed_'.length)}.ics`,
    `/feeds/${secret.slice('tw_feed_'.length)}.ics`,
    `/calendar/${secret}.ics`,
    `/../feeds/${secret}.ics`,
    `/feeds/%zz${secret}.ics`,
    `//feeds/${secret}.ics?x=1`,
  ]) {
    await speak(app.url, `GET ${other} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  }
}

/** Tasks: every place of a text, refusals, and failures of ours and of the database. */
async function walkTasks(app: Watched, cookie: string): Promise<void> {
  const { text } = await app.call('/api/auth/token', { headers: { cookie } });
  const { token } = JSON.parse(text) as { token: string };
  app.secrets.add(token);
  const headers = { authorization: `Bearer ${token}` };
  const task = () => ({
    title: app.canary('title'),
    description: app.canary('description'),
    tags: [app.canary('tag')],
  });
  const created = await app.call('/api/v1/tasks', { json: task(), headers });
  const { id } = JSON.parse(created.text) as { id: string };
  await app.call(`/api/v1/tasks?q=${app.canary('search')}&tags=${app.canary('tag')}`, { headers });
  await app.call(`/api/v1/tasks?limit=${app.canary('limit')}`, { headers });
  await app.call(`/api/v1/tasks/${id}`, {
    method: 'PATCH',
    json: { [app.canary('member')]: app.canary('value') },
    headers,
  });
  const key = { ...headers, 'idempotency-key': app.canary('key') };
  await app.call('/api/v1/tasks', { json: task(), headers: key });
  await app.call('/api/v1/tasks', { json: task(), headers: key });
  await app.call('/api/v1/me', { headers: { authorization: `Bearer ${token}x` } });
  await app.call('/api/v1/me', { headers: { authorization: `Basic ${app.canary('basic')}` } });
  await walkTokens(app, headers);
  await walkFeeds(app, headers);
  await app.call('/api/v1/me', { headers: { traceparent: app.canary('trace') } });
  await speak(
    app.url,
    `POST /api/v1/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: 40\r\nConnection: close\r\n\r\n` +
      `{"title":"${app.canary('broken')}`.padEnd(40, '}'),
  );
  await speak(app.url, `GET /${app.canary('nonsense')} HTTP/9\r\n\r\n`);
  // PostgreSQL quotes the whole row.
  const refuse = (sql: string) => withOwner(app.databaseUrl, (client) => client.query(sql));
  await refuse(
    `alter table task add constraint planted check (title not like 'canary%') not valid`,
  );
  const statuses = [
    (await app.call('/api/v1/tasks', { json: task(), headers })).status,
    (
      await app.call('/api/v1/tasks', {
        json: task(),
        headers: { ...headers, 'idempotency-key': 'x' },
      })
    ).status,
    (
      await app.call('/api/v1/tasks/batch', {
        json: { operations: [{ op: 'create', task: task() }] },
        headers,
      })
    ).status,
  ];
  expect(statuses).toEqual([500, 500, 500]);
  await refuse('alter table task drop constraint planted');
}

describe('no line of the log, and no span,', () => {
  it.each(['json', 'pretty'])('has a secret or a text of a user: %s', async (LOG_FORMAT) => {
    const app = await Watched.start({ LOG_FORMAT, LOG_LEVEL: 'trace' });
    await walk(app);
    expect(app.secrets.size).toBeGreaterThan(20);
    const metrics = (await app.call('/metrics')).text.toLowerCase();
    expect(metrics).toContain('/api/auth/reset-password/:token');
    expect([...app.secrets].filter((secret) => metrics.includes(secret.toLowerCase()))).toEqual([]);
    expect(await app.leaks()).toEqual([]);
    // That the log was looked at: it has the requests, and the failures with what they concern.
    expect(app.program.output).toContain('/api/auth/reset-password/:token');
    expect(app.program.output).toContain('planted');
    const sent = collector.requests.map(({ text }) => text.toLowerCase()).join('\n');
    expect([...app.secrets].filter((secret) => sent.includes(secret.toLowerCase()))).toEqual([]);
    const names = new Set(collector.spans.map(({ name }) => name));
    expect(names).toContain('GET /api/auth/reset-password/:token');
    expect(names).toContain('UPDATE usage, INSERT task, INSERT change_counter, INSERT change');
  });

  it('is an error because of what a caller sends, or more than one line', async () => {
    const app = await Watched.start({ LOG_FORMAT: 'pretty', LOG_LEVEL: 'trace' });
    const forged = '\u001b[31mERROR\u001b[0m forged\r\nERROR (1): forged';
    const request = (line: string, headers: readonly string[] = []) =>
      speak(app.url, [line, 'Host: a', 'Connection: close', ...headers, '', ''].join('\r\n'));
    await request('GET /\u001b[31mforged HTTP/1.1');
    await request('GET /%0aERROR%20forged%1b[31m HTTP/1.1');
    await request('GET / HTTP/1.1', [
      'X-Request-Id: \u001b[31mforged',
      'User-Agent: \u001b[31mforged',
    ]);
    await request('GET /api/v1/me HTTP/1.1', ['Authorization: Bearer \u001b[31mforged']);
    for (const name of ['callbackURL', 'redirectTo', 'email', 'password', 'token', 'name']) {
      for (const path of [
        '/sign-in/email',
        '/sign-up/email',
        '/request-password-reset',
        '/reset-password',
      ]) {
        await app.call(`/api/auth${path}`, {
          json: {
            email: 'a@example.com',
            password: 'x',
            name: 'a',
            newPassword: 'y',
            [name]: forged,
          },
        });
      }
    }
    await app.call('/api/auth/verify-email?token=%1b[31mforged');
    await app.program.kill('SIGTERM');
    const { output } = app.program;
    expect(output).toContain('request');
    expect(output).not.toMatch(/\u001b\[31mforged/);
    // Every line begins as the log begins one, or as the program's own announcement.
    const lines = output.split('\n').filter((line) => line !== '');
    const plain = lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''));
    expect(plain.filter((line) => /^\[[\d:.]+\] (ERROR|FATAL)/.test(line))).toEqual([]);
    expect(plain.filter((line) => !/^(\[|Taskward| {2}(UI|API|Docs) )/.test(line))).toEqual([]);
  });
});
