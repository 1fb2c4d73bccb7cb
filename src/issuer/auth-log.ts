import { Logger } from '@nestjs/common';

/** Refusals of an account's credentials. */
export type RefusalEvent =
  | 'sign_up_refused'
  | 'sign_in_refused'
  | 'password_change_refused'
  | 'password_reset_refused'
  | 'account_deletion_refused';

/** Events of accounts, sessions and tokens. */
type AuthEvent =
  | RefusalEvent
  | 'sign_up'
  | 'sign_in'
  | 'session_ended'
  | 'password_changed'
  | 'password_reset_requested'
  | 'password_reset'
  | 'email_verified'
  | 'account_deleted'
  | 'token_created'
  | 'token_revoked'
  | 'token_refused'
  | 'feed_created'
  | 'feed_deleted'
  | 'rate_limited';

/** Events that an operator should investigate when they become frequent. */
const SUSPICIOUS: ReadonlySet<AuthEvent> = new Set([
  'sign_up_refused',
  'sign_in_refused',
  'password_change_refused',
  'password_reset_refused',
  'account_deletion_refused',
  'token_refused',
  'rate_limited',
]);

/** Control characters and line separators, which could forge lines of a log on a terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Returns the fields of an event that name a personal token; its name is a text of the user. */
export const personalTokenDetails = ({
  id,
  name,
}: {
  readonly id: string;
  readonly name: string;
}) => ({
  tokenId: id,
  tokenName: name.replaceAll(UNPRINTABLE, '\ufffd'),
});

const logger = new Logger('Auth');

/**
 * Logs an authentication event with its details, which must never contain a token, a password, a
 * cookie or an e-mail address.
 *
 * @example logAuthEvent('token_refused', { requestId, reason: 'expired_token', kid })
 */
export function logAuthEvent(event: AuthEvent, details: Readonly<Record<string, unknown>>): void {
  logger[SUSPICIOUS.has(event) ? 'warn' : 'log']({ event, ...details });
}
