import 'reflect-metadata';
import { runCommand } from './command.js';

const USAGE = `Usage: npm run db:distribute -- [--shards 32]
       npm run db:distribute -- --check
       npm run db:distribute -- --undo

Distributes the rows of users over the servers of a Citus cluster, all rows of a user to one of them. The
role of DATABASE_URL does it, in one transaction, while no instance is connected. Before, it checks the
cluster and the schema; afterwards it proves on each server that a user reads their own rows alone.

  --shards N  number of parts that users are spread over: at least the servers that there will ever be
  --check     checks alone, and exits with 1 if something is missing
  --undo      brings all rows back to one server`;

const DEFAULT_SHARDS = 32;

/** Returns the number of shards that the parameters name, or undefined if they are wrong. */
function shardsOf([option, value = '', ...rest]: readonly string[]): number | undefined {
  if (option === undefined) return DEFAULT_SHARDS;
  const isValid = option === '--shards' && rest.length === 0 && /^[1-9]\d{0,3}$/.test(value);
  return isValid ? Number(value) : undefined;
}

await runCommand(USAGE, async (parameters, { DATABASE_URL: url, databaseLimits }) => {
  const option = parameters.length === 1 ? parameters[0] : undefined;
  const shards = shardsOf(parameters);
  if (option !== '--undo' && option !== '--check' && shards === undefined) return undefined;
  if (url === undefined) {
    throw new Error('DATABASE_URL must be set: the embedded PostgreSQL is one server.');
  }
  const { connectTimeoutMs } = databaseLimits;
  const database = await import('./database/index.js');
  if (option === '--undo') {
    await database.undistributeDatabase(url, { connectTimeoutMs });
    return 'All rows are on one server again. Start the instances.';
  }
  if (shards === undefined) {
    const { isMet, lines } = await database.checkDistributable(url, { connectTimeoutMs });
    if (!isMet) throw new Error(lines.join('\n'));
    return lines.join('\n');
  }
  const lines = await database.distributeDatabase(url, { shards, connectTimeoutMs });
  return [...lines, 'The rows are distributed. Start the instances.'].join('\n');
});
