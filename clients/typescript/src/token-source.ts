import { unverifiedClaims } from './claims.js';
import { SignedOutError } from './errors.js';

/** Fetches a new token of the user who is signed in; `null` if nobody is. */
export type GetToken = () => Promise<string | null>;

/** Part of a token's lifetime after which it is renewed. */
const RENEWED_AFTER = 0.8;

interface Token {
  readonly value: string;
  readonly subject: string | undefined;
  /** Milliseconds since the epoch, by the clock of this machine. */
  readonly renewAt: number;
}

function parseToken(value: string): Token {
  const { sub, iat, exp } = unverifiedClaims(value);
  // By its lifetime rather than its end: the clocks of server and client may differ.
  const lifetimeMs = iat === undefined || exp === undefined ? Infinity : (exp - iat) * 1000;
  return { value, subject: sub, renewAt: Date.now() + lifetimeMs * RENEWED_AFTER };
}

/**
 * Holds the token of one user, in memory: fetched once for any number of parallel calls, and
 * renewed before it expires. Never hands out a token of a second user.
 */
export class TokenSource {
  #current: Promise<Token> | undefined;
  #subject: string | undefined;
  readonly #closing = new AbortController();

  constructor(private readonly getToken: GetToken) {}

  /**
   * Returns a token other than the one that was `refused`, if there is another.
   *
   * @throws SignedOutError, and the errors of `getToken`
   */
  async get(refused?: string): Promise<string> {
    this.#assertOpen();
    const known = this.#current;
    const held = await known;
    if (held && held.value !== refused && Date.now() < held.renewAt) return held.value;
    // Unless another call has renewed it in the meantime.
    if (this.#current === known || this.#current === undefined) this.#current = this.#fetch();
    const { value } = await this.#current;
    this.#assertOpen();
    return value;
  }

  /** Aborted with a `SignedOutError` when the token is forgotten. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Forgets the token; calls that wait for it are rejected. */
  close(): void {
    this.#closing.abort(new SignedOutError('signed_out'));
    this.#current = undefined;
  }

  #fetch(): Promise<Token> {
    const fetched = this.#fetchOwn();
    fetched.catch(() => {
      // The next call tries again.
      if (this.#current === fetched) this.#current = undefined;
    });
    return fetched;
  }

  async #fetchOwn(): Promise<Token> {
    const value = await this.getToken();
    if (value === null) throw new SignedOutError('signed_out');
    const token = parseToken(value);
    if (this.#subject !== undefined && token.subject !== this.#subject) {
      throw new SignedOutError('other_user');
    }
    this.#subject = token.subject;
    return token;
  }

  #assertOpen(): void {
    this.closed.throwIfAborted();
  }
}
