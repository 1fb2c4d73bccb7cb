import type { BetterAuthOptions } from 'better-auth';
import { logAuthEvent } from '../issuer/index.js';
import type { Env } from '../config/index.js';
import { callerOf } from './auth-events.js';
import type { IssuerDependencies } from './issuer-dependencies.js';
import { LimitedMailer } from './limited-mailer.js';
import type { Mailer } from './mailer.js';
import { alreadyRegistered, resetPassword, verifyAddress } from './mails.js';
import { onPasswordReset } from './password-hooks.js';

/** Lifetime of the links in mails, which state it in words. */
const LINK_LIFETIME_SECONDS = 3600;

type MailDependencies = Pick<
  IssuerDependencies,
  'pool' | 'mailer' | 'guesses' | 'hashing' | 'limits'
>;

const passwordOptions = ({ hashing: { hash, verify } }: MailDependencies) => ({
  enabled: true,
  password: { hash, verify },
});

type Options = Pick<BetterAuthOptions, 'emailVerification' | 'verification'> & {
  emailAndPassword: NonNullable<BetterAuthOptions['emailAndPassword']>;
};

/** Requires verified addresses only where mail is really sent. */
function emailAndPassword(
  env: Env,
  mailer: Mailer,
  dependencies: MailDependencies,
): Options['emailAndPassword'] {
  const { pool, guesses, limits } = dependencies;
  const limitedMailer = new LimitedMailer(mailer, limits);
  return {
    ...passwordOptions(dependencies),
    requireEmailVerification: env.SMTP_URL !== undefined,
    resetPasswordTokenExpiresIn: LINK_LIFETIME_SECONDS,
    revokeSessionsOnPasswordReset: true,
    sendResetPassword: ({ user, url, token }, request) => {
      limitedMailer.send(resetPassword(user.email, url, token), request);
      return Promise.resolve();
    },
    onPasswordReset: onPasswordReset(pool, guesses, mailer),
    // The response is the same as for an unknown address; the owner gets a mail.
    onExistingUserSignUp: ({ user }, request) => {
      const reason = 'USER_ALREADY_EXISTS';
      logAuthEvent('sign_up_refused', { reason, ...callerOf(request?.headers) });
      limitedMailer.send(alreadyRegistered(user.email), request);
      return Promise.resolve();
    },
  };
}

function emailVerification(
  env: Env,
  mailer: Mailer,
  { limits }: MailDependencies,
): Options['emailVerification'] {
  const limitedMailer = new LimitedMailer(mailer, limits);
  return {
    expiresIn: LINK_LIFETIME_SECONDS,
    sendOnSignUp: env.SMTP_URL !== undefined,
    sendOnSignIn: true,
    sendVerificationEmail: ({ user, url }, request) => {
      limitedMailer.send(verifyAddress(user.email, url), request);
      return Promise.resolve();
    },
    afterEmailVerification: ({ id: userId }, request) => {
      logAuthEvent('email_verified', { userId, ...callerOf(request?.headers) });
      return Promise.resolve();
    },
  };
}

/**
 * Returns Better Auth's mail options. Without a mailer it responds with 400 to requests for a
 * verification or reset mail.
 */
export function mailOptions(env: Env, dependencies: MailDependencies): Options {
  const { mailer } = dependencies;
  // A leaked table contains nothing usable.
  const verification = { storeIdentifier: 'hashed' } as const;
  if (mailer === undefined)
    return { emailAndPassword: passwordOptions(dependencies), verification };
  return {
    emailAndPassword: emailAndPassword(env, mailer, dependencies),
    emailVerification: emailVerification(env, mailer, dependencies),
    verification,
  };
}
