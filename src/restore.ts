import 'reflect-metadata';
import { resolve } from 'node:path';
import { runCommand } from './command.js';
import { demandEmbedded, restore } from './backup/index.js';

const USAGE = `Usage: npm run db:restore -- FILE
       npm run db:restore -- FILE --replace

Makes the embedded database what FILE says, which npm run db:backup wrote. Taskward must not run.

  --replace  for a database that is not empty: what it holds is lost`;

await runCommand(USAGE, async (parameters, { DATABASE_URL, DATA_DIR: dataDir }) => {
  const [name = '', ...rest] = parameters.filter((parameter) => parameter !== '--replace');
  if (name === '' || name.startsWith('-') || rest.length > 0) return undefined;
  demandEmbedded(DATABASE_URL);
  const file = resolve(name);
  const replace = parameters.includes('--replace');
  const { createdAt } = await restore({ dataDir, file, replace });
  return `Restored ${file}, as it was at ${createdAt}.`;
});
