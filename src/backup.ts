import 'reflect-metadata';
import { resolve } from 'node:path';
import { runCommand } from './command.js';
import { backUp, demandEmbedded } from './backup/index.js';

const USAGE = `Usage: npm run db:backup -- FILE

Writes all that the embedded database holds into FILE, in place of what FILE was; Taskward may run
meanwhile. It holds password hashes and keys: keep it where nobody else reads it.`;

await runCommand(USAGE, async ([name = '', ...rest], { DATABASE_URL, DATA_DIR: dataDir }) => {
  if (name === '' || name.startsWith('-') || rest.length > 0) return undefined;
  demandEmbedded(DATABASE_URL);
  const file = resolve(name);
  await backUp({ dataDir, file });
  return `Backed up to ${file}. Keep BETTER_AUTH_SECRET, or ${resolve(dataDir, 'better-auth.secret')}, with it.`;
});
