import { describe, expect, it } from '@jest/globals';
import { hashPassword } from 'better-auth/crypto';
import { hash, isOutdated, verify } from './password-hash.js';

const PASSWORD = 'correct horse battery';

describe('a password hash', () => {
  it('names its salt and its parameters, which OWASP recommends', async () => {
    const [one, other] = [await hash(PASSWORD), await hash(PASSWORD)];
    expect(one).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(other).not.toBe(one);
    expect(isOutdated(one)).toBe(false);
  });

  it('matches its password only, however its characters are composed', async () => {
    const stored = await hash('Zoë’s ﬁve horses');
    expect(await verify(stored, 'Zoe\u0308’s five horses')).toBe(true);
    expect(await verify(stored, 'zoë’s five horses')).toBe(false);
    expect(await verify(stored, '')).toBe(false);
  });

  it('created by Better Auth is still accepted, and outdated', async () => {
    const stored = await hashPassword(PASSWORD);
    expect(await verify(stored, PASSWORD)).toBe(true);
    expect(await verify(stored, `${PASSWORD}.`)).toBe(false);
    expect(isOutdated(stored)).toBe(true);
  });

  it('with weaker parameters is still accepted, and outdated', async () => {
    const { scryptSync } = await import('node:crypto');
    const salt = Buffer.from('sixteen bytes...');
    const key = scryptSync(PASSWORD, salt, 32, { N: 2 ** 10, r: 8, p: 1 });
    const b64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
    const stored = `$scrypt$ln=10,r=8,p=1$${b64(salt)}$${b64(key)}`;
    expect(await verify(stored, PASSWORD)).toBe(true);
    expect(await verify(stored, 'a wrong guess')).toBe(false);
    expect(isOutdated(stored)).toBe(true);
  });
});
