import 'reflect-metadata';
import { runCommand } from './command.js';

const USAGE = `Usage: npm run db:roles
       npm run db:roles -- --print

Makes the three roles of Taskward, and lets those of DATABASE_API_URL and DATABASE_IDENTITY_URL log in
with the passwords of these URLs, with the settings that a pooler does not pass on. The role of
DATABASE_URL does it, and needs CREATEROLE. It can be repeated, for instance with new passwords.

  --print  prints the SQL for an administrator instead, without connecting; passwords are SCRAM verifiers`;

await runCommand(USAGE, async ([option, ...rest], env) => {
  const isPrint = option === '--print';
  if (rest.length > 0 || (option !== undefined && !isPrint)) return undefined;
  const { createLoginRoles, loginRolesOf } = await import('./database/index.js');
  const roles = loginRolesOf(env);
  if (isPrint) return ['begin', ...roles.statements, 'commit'].map((sql) => `${sql};`).join('\n');
  await createLoginRoles(roles, env.databaseLimits.connectTimeoutMs);
  const names = roles.logins.map(({ variable }) => variable);
  return names.length === 0
    ? 'The roles are there. Set DATABASE_API_URL and DATABASE_IDENTITY_URL to give them logins.'
    : `The roles are there, with the passwords of ${names.join(' and ')}. npm run doctor tries the logins.`;
});
