import 'reflect-metadata';
import { runCommand } from './command.js';
import { resolveEnv, EnvironmentError } from './config/index.js';

const USAGE = `Usage: npm run keys:rotate
       npm run keys:rotate -- --revoke

Creates a new key that signs tokens: it is published now and signs 15 minutes later. Tokens signed
with the old key stay valid until they expire.

  --revoke  for a stolen key: the new key signs at once, and all earlier tokens are refused`;

const time = (date: Date) => date.toISOString();

await runCommand(USAGE, async ([option, ...rest], settings) => {
  const revoke = option === '--revoke';
  if (rest.length > 0 || (option !== undefined && !revoke)) return undefined;
  if (settings.AUTH_MODE !== 'embedded') {
    const why = `with AUTH_MODE=${settings.AUTH_MODE} the issuer owns the keys`;
    throw new EnvironmentError([`AUTH_MODE must be embedded to rotate keys: ${why}`]);
  }
  const { joinDatabase } = await import('./database/index.js');
  const { rotateKeys } = await import('./identity/index.js');
  const env = await resolveEnv(settings);
  const database = await joinDatabase({
    url: env.DATABASE_URL,
    dataDir: env.DATA_DIR,
    limits: env.databaseLimits,
    log: () => undefined,
  });
  try {
    const rotation = await rotateKeys(env, database.urls.identity, revoke);
    if (rotation === undefined)
      return 'Nothing to do: a new key has been published and will sign soon.';
    const { kid, signsFrom, othersAcceptedUntil } = rotation;
    if (revoke) return `The key ${kid} signs now. All other keys and their tokens are refused.`;
    const until = othersAcceptedUntil
      ? ` The old key is accepted until ${time(othersAcceptedUntil)}.`
      : '';
    return `The key ${kid} is published and signs from ${time(signsFrom)}.${until}`;
  } finally {
    await database.stop();
  }
});
