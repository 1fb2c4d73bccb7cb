import type { BetterAuthOptions } from 'better-auth';
import type { Pool } from 'pg';
import { logAuthEvent } from '../issuer/index.js';
import type { Env } from '../config/index.js';
import { sender } from './auth-events.js';
import type { IssuerParts } from './issuer-parts.js';
import { LimitedMailer } from './limited-mailer.js';
import type { Mailer } from './mailer.js';
import { alreadyRegistered, resetPassword, verifyAddress } from './mails.js';
import { passwordHashing } from './password-hashing.js';
import { onPasswordReset } from './passwords.js';

/** Seconds that the links in mails are good for; the mails say it in words. */
const LINK_LIFETIME = 3600;

const passwords = (pool: Pool) => ({ enabled: true, password: passwordHashing(pool) });

type MailParts = Pick<IssuerParts, 'pool' | 'mailer' | 'guesses' | 'limits'>;

type Options = Pick<BetterAuthOptions, 'emailVerification' | 'verification'> & {
  emailAndPassword: NonNullable<BetterAuthOptions['emailAndPassword']>;
};

/** Addresses are verified where mail is really sent: elsewhere nobody could. */
function emailAndPassword(
  env: Env,
  mailer: Mailer,
  { pool, guesses, limits }: MailParts,
): Options['emailAndPassword'] {
  const limited = new LimitedMailer(mailer, limits);
  return {
    ...passwords(pool),
    requireEmailVerification: env.SMTP_URL !== undefined,
    resetPasswordTokenExpiresIn: LINK_LIFETIME,
    revokeSessionsOnPasswordReset: true,
    sendResetPassword: ({ user, url, token }, request) => {
      limited.send(resetPassword(user.email, url, token), request);
      return Promise.resolve();
    },
    onPasswordReset: onPasswordReset(pool, guesses, mailer),
    // Whoever signs up gets the same answer as for an unknown address; the owner gets a mail.
    onExistingUserSignUp: ({ user }, request) => {
      const reason = 'USER_ALREADY_EXISTS';
      logAuthEvent('sign_up_refused', { reason, ...sender(request?.headers) });
      limited.send(alreadyRegistered(user.email), request);
      return Promise.resolve();
    },
  };
}

function emailVerification(
  env: Env,
  mailer: Mailer,
  { limits }: MailParts,
): Options['emailVerification'] {
  const limited = new LimitedMailer(mailer, limits);
  return {
    expiresIn: LINK_LIFETIME,
    sendOnSignUp: env.SMTP_URL !== undefined,
    sendOnSignIn: true,
    sendVerificationEmail: ({ user, url }, request) => {
      limited.send(verifyAddress(user.email, url), request);
      return Promise.resolve();
    },
    afterEmailVerification: ({ id: userId }, request) => {
      logAuthEvent('email_verified', { userId, ...sender(request?.headers) });
      return Promise.resolve();
    },
  };
}

/** Without a mailer nobody can verify an address or reset a password: Better Auth answers 400. */
export function mailOptions(env: Env, parts: MailParts): Options {
  const { mailer } = parts;
  // Whoever reads the table cannot use what lies in it.
  const verification = { storeIdentifier: 'hashed' } as const;
  if (mailer === undefined) return { emailAndPassword: passwords(parts.pool), verification };
  return {
    emailAndPassword: emailAndPassword(env, mailer, parts),
    emailVerification: emailVerification(env, mailer, parts),
    verification,
  };
}
