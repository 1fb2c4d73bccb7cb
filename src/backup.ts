import 'reflect-metadata';
import { resolve } from 'node:path';
import { runCommand } from './command.js';

const USAGE = `Usage: npm run db:backup -- FILE

Writes a snapshot of the embedded database to FILE, replacing any existing file. Taskward may be
running. The backup contains password hashes and keys: keep it where no other user can read it.`;

await runCommand(USAGE, async ([name = '', ...rest], { DATABASE_URL, DATA_DIR: dataDir }) => {
  if (name === '' || name.startsWith('-') || rest.length > 0) return undefined;
  const { backUp, assertEmbedded } = await import('./backup/index.js');
  assertEmbedded(DATABASE_URL);
  const file = resolve(name);
  await backUp({ dataDir, file });
  return `Backed up to ${file}. Keep BETTER_AUTH_SECRET, or ${resolve(dataDir, 'better-auth.secret')}, with it.`;
});
