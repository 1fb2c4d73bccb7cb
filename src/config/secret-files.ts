import { readFileSync } from 'node:fs';

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables that hold a secret, and so may come from the file that `<NAME>_FILE` names. */
const SECRET_NAMES = [
  'BETTER_AUTH_SECRET',
  'BETTER_AUTH_SECRET_PREVIOUS',
  'DATABASE_URL',
  'DATABASE_API_URL',
  'DATABASE_IDENTITY_URL',
  'REDIS_URL',
  'SMTP_URL',
];

/** Variables that name such files. */
export const SECRET_FILE_NAMES: ReadonlySet<string> = new Set(
  SECRET_NAMES.map((name) => `${name}_FILE`),
);

/** Returns a file's text without the line break at its end, which editors add. */
function readSecret(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}

/** Fills in the secrets that lie in files. A problem names its variable, and never the content. */
export function readSecretFiles(variables: Variables): { filled: Variables; problems: string[] } {
  const filled = { ...variables };
  const problems: string[] = [];
  for (const name of SECRET_NAMES) {
    const path = variables[`${name}_FILE`];
    if (!path) continue;
    if (variables[name]) {
      problems.push(`${name}_FILE is refused beside ${name}: set one of them`);
      continue;
    }
    try {
      filled[name] = readSecret(path);
      if (filled[name] === '') problems.push(`${name}_FILE names a file that is empty`);
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      problems.push(`${name}_FILE names a file that cannot be read (${code})`);
    }
  }
  return { filled, problems };
}
