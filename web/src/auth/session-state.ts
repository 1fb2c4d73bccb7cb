import type { User } from './user';

/** Issuer of the tokens: the one in the API, with its own accounts, or one elsewhere. */
export type Issuer =
  { readonly kind: 'embedded' } | { readonly kind: 'remote'; readonly url: string };

export interface SignedInState {
  readonly status: 'signed-in';
  readonly issuer: Issuer;
  readonly user: User;
  /** The session is gone, and the user has to sign in again; the page stays as it is. */
  readonly hasEnded: boolean;
}

export type SessionState =
  | { readonly status: 'loading' }
  /** Neither the API nor a user to show a page for is there. */
  | { readonly status: 'unreachable' }
  | {
      readonly status: 'signed-out';
      readonly issuer: Issuer;
      /** A user has left this page: its address is not the next one's business. */
      readonly hasLeft: boolean;
    }
  | SignedInState;
