/**
 * Reason for refusing a token. It is always the token's fault, never that of the database or the
 * key set.
 */
export class TokenError extends Error {
  override readonly name = 'TokenError';

  constructor(
    readonly code: 'invalid_token' | 'expired_token' | 'session_ended',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
