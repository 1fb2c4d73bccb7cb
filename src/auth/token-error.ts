/** Why a token is refused. A fault of the token alone: never of the database or the key set. */
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
