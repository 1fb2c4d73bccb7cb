import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../support/docs-tables.js';
import { loggedMessages, unionOf } from '../support/log-messages.js';

const PAGE = readFileSync('docs/logs.md', 'utf8');

/** Files that log messages that they get from elsewhere, and how many of their calls do. */
const FROM_ELSEWHERE = {
  // Warnings of the configuration, of tracing and of the database, and the output of the embedded
  // PostgreSQL.
  'src/app.setup.ts': 5,
  'src/database/open-database.ts': 1,
  'src/embedded-postgres/embedded-postgres.ts': 1,
  'src/embedded-postgres/postgres-server.ts': 1,
  'src/database/database.module.ts': 1,
  // Codes of problems.
  'src/http/problem.filter.ts': 1,
  'src/identity/better-auth.ts': 1,
  'src/identity/ensure-signing-key.ts': 1,
  'src/identity/identity-pool.ts': 1,
  // Events of authentication.
  'src/rate-limit/limit-requests.ts': 1,
};

const logged = loggedMessages();
const code = (cell: string) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, text = '']) => text);
const rows = ['Requests', 'Other messages'].flatMap((heading) => rowsOf(PAGE, heading, /`/));

/** Messages of the page, with whether they are warnings. */
const described = rows
  .filter(([, level = '']) => ['info', 'debug', 'warn'].includes(level))
  .filter(([message = '']) => !message.startsWith('`src/'))
  .map(([message = '', level]) => ({
    message: code(message)[0] ?? '',
    isWarning: level === 'warn',
  }));

describe('docs/logs.md', () => {
  it('has every message that the source logs, and no other', () => {
    const own = logged
      .filter(({ message }) => message !== '…')
      .map(({ message, isWarning }) => ({ message: message.split('\n', 1)[0] ?? '', isWarning }));
    const byMessage = (a: { message: string }, b: { message: string }) =>
      a.message.localeCompare(b.message);
    expect(described.sort(byMessage)).toEqual(own.sort(byMessage));
  });

  it('leaves out only messages that come from elsewhere', () => {
    const unknown = logged.filter(({ message }) => message === '…');
    const counts = Object.groupBy(unknown, ({ file }) => file);
    expect(
      Object.fromEntries(Object.entries(counts).map(([file, found]) => [file, found?.length])),
    ).toEqual(FROM_ELSEWHERE);
  });

  it('has every event of authentication, and no other', () => {
    const events = rowsOf(PAGE, 'Authentication events', /`/).flatMap(([cell = '']) => code(cell));
    expect(events.sort()).toEqual(unionOf('src/issuer/auth-log.ts', 'AuthEvent').sort());
  });
});
