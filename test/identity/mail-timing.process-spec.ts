import { describe, expect, it } from '@jest/globals';
import { hashPassword } from 'better-auth/crypto';
import { withOwner } from '../support/database.js';
import { newAddress, PASSWORD } from '../support/identity.js';
import { ALIKE_ROUTES, useMailAccounts } from '../support/mail-accounts.js';

/** Number of timed rounds: responses take half a second by design. */
const MIN_ROUNDS = 6;
/** A busy machine needs more to tell what it adds from a difference, which stays. */
const MAX_ROUNDS = 24;

const accounts = useMailAccounts({ hasRealHashes: true });
const { app } = accounts;

/** The lower quartile: what else the machine does only adds to a time. */
const usual = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 2] ?? 0;

/** Milliseconds of responses, by what the server knows of the address. */
interface Times {
  readonly verified: number[];
  readonly unverified: number[];
  readonly unknown: number[];
}

/** Returns the times for known addresses, as shares of those for unknown ones. */
const sharesOf = ({ verified, unverified, unknown }: Times) =>
  [verified, unverified].map((times) => usual(times) / usual(unknown));

const isAlike = (times: Times) => sharesOf(times).every((share) => share > 0.6 && share < 1.6);

describe('a response', () => {
  it.each(ALIKE_ROUTES)(
    'of $path takes as long for a known as for an unknown address',
    async ({ path, hashes }) => {
      const times: Times = { verified: [], unverified: [], unknown: [] };
      for (let i = 0; i < MIN_ROUNDS || (i < MAX_ROUNDS && !isAlike(times)); i += 1) {
        // Hashes would wait for each other; everything else mostly waits for time to pass.
        const first = accounts.observe(path, newAddress());
        if (hashes) await first;
        const second = accounts.observe(path, accounts.verified);
        if (hashes) await second;
        const third = accounts.observe(path, accounts.unverified);
        times.unknown.push((await first).ms);
        times.verified.push((await second).ms);
        times.unverified.push((await third).ms);
      }
      expect({ shares: sharesOf(times), isAlike: isAlike(times) }).toMatchObject({ isAlike: true });
    },
    120_000,
  );

  it('of /sign-in/email takes as long where the hash is an older one, of less work', async () => {
    const email = newAddress();
    await accounts.signUp(email);
    const old = await hashPassword(PASSWORD);
    await withOwner(app.databaseUrl, (client) =>
      client.query(
        `update auth.account set password = $1
          where "userId" = (select id from auth."user" where email = $2)`,
        [old, email],
      ),
    );
    for (const address of [email, newAddress()]) {
      expect((await accounts.observe('/sign-in/email', address)).ms).toBeGreaterThan(490);
    }
  });

  it.each(['/sign-up/email', '/request-password-reset'])(
    'of %s waits for the slower of the two, which writes',
    async (path) => {
      const both = [newAddress(), accounts.verified].map((email) => accounts.observe(path, email));
      for (const { ms } of await Promise.all(both)) expect(ms).toBeGreaterThan(490);
    },
  );
});
