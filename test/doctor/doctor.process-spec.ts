import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { parseEnv } from '../../src/config/env.js';
import { examine } from '../../src/doctor/diagnose.js';
import { lineOf, SUBJECTS } from '../../src/doctor/finding.js';
import { migrations } from '../../src/database/migrations/index.js';
import { startApp } from '../support/app.js';
import { bareEnv } from '../support/bare-env.js';
import { send } from '../support/client.js';
import { createDatabase, withOwner } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { BETTER_AUTH_SECRET } from '../support/identity.js';
import { Program } from '../support/program.js';
import { deadMailServer, MailServer } from '../support/smtp.js';

const DOCTOR = fileURLToPath(new URL('../../dist/doctor.js', import.meta.url));
const OTHER_SECRET = 'another 32 bytes: 7Wm2xV9tR4bN8c';

// Several programs are started in one test.
jest.setTimeout(120_000);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-doctor-'));
});
afterAll(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly lines: string[];
}

/** Runs `npm run doctor`, and returns its lines without their padding. */
async function runDoctor(variables: Record<string, string>): Promise<Outcome> {
  const env = { ...bareEnv(), ...variables };
  return new Promise((resolve) => {
    execFile(process.execPath, [DOCTOR], { cwd: folder, env }, (error, stdout, stderr) => {
      const lines = (stderr + stdout).trimEnd().split('\n');
      resolve({
        code: error ? error.code : 0,
        lines: lines.map((line) => line.replaceAll(/ +/g, ' ')),
      });
    });
  });
}

/** Returns the lines about one part, in this process. */
async function linesAbout(subject: string, variables: Record<string, string>): Promise<string[]> {
  const findings = await examine(parseEnv({ DATA_DIR: join(folder, 'none'), ...variables }));
  return findings
    .filter((finding) => finding.subject === subject)
    .map((finding) => lineOf(finding).replaceAll(/ +/g, ' '));
}

describe('npm run doctor', () => {
  it('reports each invalid variable, and exits with 1', async () => {
    const { code, lines } = await runDoctor({ PORT: '70000', TRUST_PROXY: 'nobody' });
    expect(code).toBe(1);
    expect(lines.slice(0, 2)).toEqual([
      expect.stringMatching(/^error configuration PORT .* \.env\.example describes\.$/),
      expect.stringMatching(/^error configuration TRUST_PROXY /),
    ]);
    expect(lines.slice(2).every((line) => line.startsWith('skipped'))).toBe(true);
  });

  it('finds nothing where nothing is yet, and creates nothing', async () => {
    const { code, lines } = await runDoctor({ DATA_DIR: join(folder, 'new') });
    expect(code).toBe(0);
    expect(lines[1]).toMatch(
      /^ok database There is no database in .*: the first start creates it\.$/,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('exits with 0 after warnings', async () => {
    await writeFile(join(folder, '.env'), 'QUOTA_TASK=1\n');
    const { code, lines } = await runDoctor({ DATA_DIR: join(folder, 'new') });
    await rm(join(folder, '.env'));
    expect(code).toBe(0);
    expect(lines[0]).toMatch(
      /^warning configuration \.env: unknown variable QUOTA_TASK\. Correct it/,
    );
  });

  it('warns of development settings that others can reach', async () => {
    const { code, lines } = await runDoctor({ HOST: '0.0.0.0', DATA_DIR: join(folder, 'new') });
    expect(code).toBe(0);
    expect(lines[0]).toMatch(
      /^warning configuration NODE_ENV is development.* Set NODE_ENV=production/,
    );
  });
});

describe('npm run doctor with the embedded PostgreSQL', () => {
  let DATA_DIR: string;

  const HEALTHY = [
    expect.stringMatching(/^ok configuration Valid/),
    expect.stringMatching(/^ok database PostgreSQL 18\.\d+, embedded in /),
    'ok roles taskward_api, taskward_identity, taskward_system are restricted to their rights.',
    `ok migrations All ${String(migrations.length)} migrations have run.`,
    expect.stringMatching(/^ok clock /),
    'ok notifications Notifications (LISTEN) arrive.',
    'ok keys The signing key can be used, and is 0 days old.',
    'ok mail Mail is written to the log.',
    'ok redis Without REDIS_URL each instance counts by itself.',
    'ok proxy No forwarding header is trusted.',
  ];

  beforeAll(() => {
    DATA_DIR = join(folder, 'data');
  });

  it('finds no fault while it serves, which goes on', async () => {
    const program = new Program({ DATA_DIR }, folder);
    const url = await program.ready();
    expect(await runDoctor({ DATA_DIR })).toEqual({ code: 0, lines: HEALTHY });
    expect((await send(`${url}/health/ready`)).status).toBe(200);
    expect(await program.kill('SIGTERM')).toMatchObject({ code: 0 });
  });

  it('finds no fault while it is stopped, and leaves it stopped', async () => {
    const secret = await stat(join(DATA_DIR, 'better-auth.secret'));
    expect(await runDoctor({ DATA_DIR })).toEqual({ code: 0, lines: HEALTHY });
    expect(await readdir(join(DATA_DIR, 'postgres'))).not.toContain('postmaster.pid');
    expect((await stat(join(DATA_DIR, 'better-auth.secret'))).mtimeMs).toBe(secret.mtimeMs);
  });

  it('exits with 1 if the secret is lost, and generates no other one', async () => {
    await rm(join(DATA_DIR, 'better-auth.secret'));
    const { code, lines } = await runDoctor({ DATA_DIR });
    expect(code).toBe(1);
    expect(lines[6]).toMatch(/^error keys The signing key .* npm run keys:rotate -- --revoke$/);
    expect(await readdir(DATA_DIR)).not.toContain('better-auth.secret');
  });

  it('exits with 1 if the password of the server is lost', async () => {
    await rm(join(DATA_DIR, 'postgres.password'));
    const { code, lines } = await runDoctor({ DATA_DIR });
    expect(code).toBe(1);
    expect(lines[1]).toMatch(
      /^error database the password of the embedded database .* restore that file/,
    );
    expect(lines[2]).toBe('skipped roles Needs a connection to the database.');
  });
});

it('docs/operations.md has a row for each part that is checked', async () => {
  const text = await readFile('docs/operations.md', 'utf8');
  const section = /\n## The doctor\n(.*?)\n## /s.exec(text)?.[1] ?? '';
  const rows = Array.from(section.matchAll(/^\| `(\w+)`/gm), ([, subject]) => subject);
  expect(rows).toEqual(SUBJECTS);
});

describe('the signing key', () => {
  let DATABASE_URL: string;

  beforeAll(async () => {
    DATABASE_URL = await createDatabase();
    await (await startApp({ DATABASE_URL })).close();
  });

  const lines = (variables: Record<string, string>) =>
    linesAbout('keys', { DATABASE_URL, BETTER_AUTH_SECRET, ...variables });

  it('can be used with the secret, or with the previous one', async () => {
    const expected = ['ok keys The signing key can be used, and is 0 days old.'];
    expect(await lines({})).toEqual(expected);
    const both = {
      BETTER_AUTH_SECRET: OTHER_SECRET,
      BETTER_AUTH_SECRET_PREVIOUS: BETTER_AUTH_SECRET,
    };
    expect(await lines(both)).toEqual(expected);
  });

  it('cannot be used with another secret', async () => {
    expect(await lines({ BETTER_AUTH_SECRET: OTHER_SECRET })).toEqual([
      expect.stringMatching(/^error keys .* prevents the start\. Set BETTER_AUTH_SECRET/),
    ]);
  });

  it('should have been replaced: a warning', async () => {
    await withOwner(DATABASE_URL, (client) =>
      client.query(`update auth.jwks set "createdAt" = now() - interval '100 days'`),
    );
    expect(await lines({})).toEqual([
      expect.stringMatching(/^warning keys .* 100 days old.* after 90\. .*npm run keys:rotate$/),
    ]);
  });
});

describe('the key set of another issuer', () => {
  let issuer: Server;
  let AUTH_JWKS_URL: string;
  let response: { status: number; body: string };

  beforeAll(async () => {
    issuer = createServer((_, reply) => {
      reply.writeHead(response.status, { 'content-type': 'application/json' }).end(response.body);
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    AUTH_JWKS_URL = `http://127.0.0.1:${String((issuer.address() as AddressInfo).port)}/jwks`;
  });
  afterAll(() => new Promise((resolve) => issuer.close(resolve)));

  const lines = (url = AUTH_JWKS_URL) =>
    linesAbout('keys', {
      AUTH_MODE: 'jwks',
      AUTH_JWKS_URL: url,
      AUTH_ISSUER: 'https://issuer.example.org',
      AUTH_AUDIENCE: 'taskward',
    });

  it('is usable', async () => {
    // RFC 8037, appendix A.2
    const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    response = {
      status: 200,
      body: JSON.stringify({ keys: [{ ...key, kid: 'a', alg: 'EdDSA' }] }),
    };
    expect(await lines()).toEqual(['ok keys The key set has 1 usable key.']);
  });

  it('has no key that could be used', async () => {
    response = { status: 200, body: '{"keys":[]}' };
    expect(await lines()).toEqual([expect.stringMatching(/^error keys .* no key .* curl -i http/)]);
  });

  it('responds with an error', async () => {
    response = { status: 500, body: '{}' };
    expect(await lines()).toEqual([
      expect.stringMatching(/^error keys .* status 500\. Correct AUTH/),
    ]);
  });

  it('is not there', async () => {
    const url = `http://127.0.0.1:${String(await freePort())}/jwks`;
    expect(await lines(url)).toEqual([expect.stringMatching(/^error keys .*ECONNREFUSED/)]);
  });
});

describe('mail', () => {
  it('is possible: a connection is made, and nothing is sent', async () => {
    const mail = await new MailServer().start();
    const lines = await linesAbout('mail', { SMTP_URL: mail.url });
    await mail.stop();
    expect(lines).toEqual([
      expect.stringMatching(/^ok mail The mail server 127\.0\.0\.1:\d+ accepts/),
    ]);
    expect([mail.connections, mail.attempts, mail.mails]).toEqual([1, 0, []]);
  });

  it('is not: nobody listens', async () => {
    expect(await linesAbout('mail', { SMTP_URL: await deadMailServer() })).toEqual([
      expect.stringMatching(/^error mail .*ECONNREFUSED.* Correct SMTP_URL\. .*openssl s_client/),
    ]);
  });

  it('is not: the server refuses the password', async () => {
    const mail = new SMTPServer({
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: (_auth, _session, done) => done(new Error('not with this password')),
    });
    await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
    const { port } = mail.server.address() as AddressInfo;
    const SMTP_URL = `smtp://ada:hunter2@127.0.0.1:${String(port)}`;
    const lines = await linesAbout('mail', { SMTP_URL });
    await new Promise<void>((resolve) => mail.close(resolve));
    expect(lines).toEqual([expect.stringMatching(/^error mail .*not with this password/)]);
    expect(lines.join()).not.toContain('hunter2');
  });

  it('is missing in production: a warning', async () => {
    const production = {
      NODE_ENV: 'production',
      BETTER_AUTH_SECRET,
      PUBLIC_URL: 'https://a.example',
    };
    expect(await linesAbout('mail', production)).toEqual([
      expect.stringMatching(/^warning mail .* cannot be reset\. Set SMTP_URL=/),
    ]);
  });
});

it('a Redis that is not there is a warning, as each instance counts by itself', async () => {
  const REDIS_URL = `redis://:hunter2@127.0.0.1:${String(await freePort())}`;
  const lines = await linesAbout('redis', { REDIS_URL });
  expect(lines).toEqual([
    expect.stringMatching(
      /^warning redis .*ECONNREFUSED.* run: redis-cli -h 127\.0\.0\.1 -p \d+ ping$/,
    ),
  ]);
  expect(lines.join()).not.toContain('hunter2');
});

describe('the trust in proxies', () => {
  it.each<{ name: string; variables: Record<string, string>; expected: RegExp }>([
    {
      name: 'is missing behind a proxy that terminates TLS',
      variables: { PUBLIC_URL: 'https://tasks.example.org' },
      expected: /^warning proxy .* Set TRUST_PROXY to the address of the proxy\.$/,
    },
    {
      name: 'includes everyone',
      variables: { TRUST_PROXY: '10.0.0.1,0.0.0.0/0' },
      expected: /^warning proxy TRUST_PROXY contains 0\.0\.0\.0\/0: .* your proxies only\.$/,
    },
    {
      name: 'is given to some',
      variables: { PUBLIC_URL: 'https://tasks.example.org', TRUST_PROXY: 'uniquelocal' },
      expected: /^ok proxy Forwarding headers are trusted from uniquelocal\.$/,
    },
  ])('$name', async ({ variables, expected }) => {
    expect(await linesAbout('proxy', variables)).toEqual([expect.stringMatching(expected)]);
  });
});
