import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createDatabase } from '../support/database.js';
import { callAuth, cookieOf, newAddress, PASSWORD } from '../support/identity.js';
import { Program } from '../support/program.js';
import { MailServer } from '../support/smtp.js';
import { createKey, jwksMode, KeySetServer } from '../support/tokens.js';
import { until } from '../support/until.js';

const RECORDER = new URL('../support/record-connections.ts', import.meta.url).href;
/** Answers nothing: whoever connects to it is found in the record. */
const STRANGER = 'http://127.0.0.1:9/stranger';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-outbound-'));
});
afterAll(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true, force: true });
});

/** A program that prints where it connects, on a database of its own. */
async function start(variables: Record<string, string>) {
  const DATABASE_URL = await createDatabase();
  const program = new Program(
    { DATABASE_URL, NODE_OPTIONS: `--import=${RECORDER}`, ...variables },
    folder,
  );
  const url = (await program.ready()).replace('localhost', '127.0.0.1');
  const { host, searchParams } = new URL(DATABASE_URL);
  const socket = searchParams.get('host');
  return { program, url, host: socket === null ? host : `${socket}/.s.PGSQL.5432` };
}

/** The addresses that a program has connected to, and the names it has looked up. */
const recordOf = ({ output }: Program) =>
  new Set(Array.from(output.matchAll(/^(?:connects to|looks up) (.+)$/gm), ([, name]) => name));

async function request(url: string, path: string, token: string, json?: unknown) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: json === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  return response.status;
}

describe('Taskward', () => {
  it('connects to its database and to nothing else, whatever addresses requests name', async () => {
    const { program, url, host } = await start({});
    const account = { name: STRANGER, email: newAddress(), password: PASSWORD };
    const signedUp = await callAuth(url, '/sign-up/email', {
      ...account,
      image: STRANGER.replace('http', 'https'),
    });
    expect(signedUp.status).toBe(200);
    const cookie = cookieOf(signedUp);
    await callAuth(url, '/request-password-reset', { email: account.email, redirectTo: STRANGER });
    const { body } = await callAuth<{ token: string }>(url, '/token', undefined, cookie);
    expect(await request(url, '/tasks', body.token, { title: STRANGER })).toBe(201);
    const stranger = await createKey('stranger');
    for (const header of [{ jku: STRANGER }, { x5u: STRANGER }, { kid: STRANGER }]) {
      expect(await request(url, '/tasks', await stranger.sign({}, header))).toBe(401);
    }
    await fetch(`${url}/docs`);
    await program.kill('SIGTERM');
    const record = recordOf(program);
    record.delete(host);
    expect(record).toEqual(new Set());
  });

  it('connects to its key set as well in mode jwks, which the record shows', async () => {
    const keys = await new KeySetServer().start();
    const { host: address } = new URL(keys.url);
    const { program, url, host } = await start(jwksMode(keys.url));
    const token = await (await createKey('unknown')).sign();
    expect(await request(url, '/tasks', token)).toBe(503);
    await program.kill('SIGTERM');
    await keys.stop();
    const record = recordOf(program);
    record.delete(host);
    expect(record).toEqual(new Set([address]));
  });
});

describe('a server with an untrusted certificate', () => {
  beforeAll(() => {
    // smtp-server warns of its certificate, which is what these tests want.
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterAll(() => {
    jest.restoreAllMocks();
  });

  it('gets no mail', async () => {
    const mail = await new MailServer({ secure: true }).start();
    const deliver = async (parameters: string) => {
      const { program, url } = await start({ SMTP_URL: `${mail.url}${parameters}` });
      const email = newAddress();
      await callAuth(url, '/sign-up/email', { name: 'ada', email, password: PASSWORD });
      return { program, email };
    };
    const { email } = await deliver('?tls.rejectUnauthorized=false');
    await mail.mailTo(email);
    const { connections } = mail;
    const { program } = await deliver('');
    await until(() => Promise.resolve(mail.connections > connections));
    const { output } = await program.kill('SIGTERM');
    expect(output).toContain('A mail could not be sent: ESOCKET');
    expect(mail.mails).toHaveLength(1);
    await mail.stop();
  });

  it('is not used for keys', async () => {
    const server = await new MailServer({ secure: true }).start();
    const { program, url } = await start(jwksMode(server.url.replace('smtps', 'https')));
    expect(await request(url, '/tasks', await (await createKey('unknown')).sign())).toBe(503);
    const { output } = await program.kill('SIGTERM');
    expect(output).toMatch(/fetch failed.*certificate.*key_set_unavailable/);
    await server.stop();
  });
});
