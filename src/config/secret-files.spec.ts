import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseEnv } from './env.js';

const SECRET = 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taskward-secrets-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(content: string): string {
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
}

describe('a secret in a file', () => {
  it.each([
    { name: 'BETTER_AUTH_SECRET', value: SECRET },
    { name: 'DATABASE_URL', value: 'postgres://u:p@localhost/d' },
    { name: 'REDIS_URL', value: 'redis://:p@localhost:6379' },
    { name: 'SMTP_URL', value: 'smtps://u:p@mail.example:465' },
  ])('replaces $name, without its final line break', ({ name, value }) => {
    for (const end of ['', '\n', '\r\n']) {
      const env = parseEnv({ [`${name}_FILE`]: write(`${value}${end}`) });
      expect(env).toMatchObject({ [name]: value });
    }
  });

  it.each(['BETTER_AUTH_SECRET_PREVIOUS', 'DATABASE_API_URL', 'DATABASE_IDENTITY_URL'])(
    'replaces %s, together with the variable that it belongs to',
    (name) => {
      const [value, others] = name.startsWith('DATABASE')
        ? ['postgres://a@localhost/d', { DATABASE_URL: 'postgres://u@localhost/d' }]
        : [`${SECRET}2`, { BETTER_AUTH_SECRET: SECRET }];
      const env = parseEnv({ ...others, [`${name}_FILE`]: write(value) });
      expect(env).toMatchObject({ [name]: value });
    },
  );

  it('is rejected together with the variable itself', () => {
    const variables = { BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_SECRET_FILE: write(SECRET) };
    expect(() => parseEnv(variables)).toThrow(
      'BETTER_AUTH_SECRET_FILE is refused together with BETTER_AUTH_SECRET',
    );
  });

  it('prevents startup when it is empty or unreadable, and is reported by its variable', () => {
    expect(() => parseEnv({ SMTP_URL_FILE: write('\n') })).toThrow(
      'SMTP_URL_FILE names an empty file',
    );
    expect(() => parseEnv({ SMTP_URL_FILE: join(folder, 'none') })).toThrow(
      'SMTP_URL_FILE names a file that cannot be read (ENOENT)',
    );
    expect(() => parseEnv({ SMTP_URL_FILE: folder })).toThrow('cannot be read (EISDIR)');
  });

  it('is not part of any message when it is invalid', () => {
    const file = write('ftp://user:hunter2@mail.example');
    expect(() => parseEnv({ SMTP_URL_FILE: file })).toThrow(/^(?!.*hunter2)/s);
    expect(() => parseEnv({ SMTP_URL_FILE: file })).toThrow('SMTP_URL');
  });

  it('counts as unset when the path is empty', () => {
    expect(parseEnv({ BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_SECRET_FILE: '' })).toMatchObject({
      BETTER_AUTH_SECRET: SECRET,
    });
  });
});
