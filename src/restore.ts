import 'reflect-metadata';
import { resolve } from 'node:path';
import { runCommand } from './command.js';

const USAGE = `Usage: npm run db:restore -- FILE
       npm run db:restore -- FILE --replace

Restores the embedded database from FILE, a backup by npm run db:backup. Stop Taskward first.

  --replace  replaces a database that is not empty: its content is lost`;

await runCommand(USAGE, async (parameters, { DATABASE_URL, DATA_DIR: dataDir }) => {
  const [name = '', ...rest] = parameters.filter((parameter) => parameter !== '--replace');
  if (name === '' || name.startsWith('-') || rest.length > 0) return undefined;
  const { assertEmbedded, restore } = await import('./backup/index.js');
  assertEmbedded(DATABASE_URL);
  const file = resolve(name);
  const replace = parameters.includes('--replace');
  const { createdAt } = await restore({ dataDir, file, replace });
  return `Restored ${file}, as it was at ${createdAt}.`;
});
