import { readFileSync } from 'node:fs';

type Variables = Readonly<Record<string, string | undefined>>;

/** Secret variables, which may be read from the file that `<NAME>_FILE` names. */
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

/** Reads a file without its final line break, which editors add. */
function readSecret(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}

/** Resolves secrets stored in files. Problems name the variable, never the content. */
export function readSecretFiles(variables: Variables): { resolved: Variables; problems: string[] } {
  const resolved = { ...variables };
  const problems: string[] = [];
  for (const name of SECRET_NAMES) {
    const path = variables[`${name}_FILE`];
    if (!path) continue;
    if (variables[name]) {
      problems.push(`${name}_FILE is refused together with ${name}: set one of them`);
      continue;
    }
    try {
      resolved[name] = readSecret(path);
      if (resolved[name] === '') problems.push(`${name}_FILE names an empty file`);
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      problems.push(`${name}_FILE names a file that cannot be read (${code})`);
    }
  }
  return { resolved, problems };
}
