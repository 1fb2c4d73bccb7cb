/** Whoever a verified token speaks for; all that the rest of the program learns of the token. */
export interface AuthenticatedUser {
  /** The token's `sub`: the owner of every row this user has. */
  readonly id: string;
}
