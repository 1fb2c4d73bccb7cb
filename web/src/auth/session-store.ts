import { SignedOutError, unverifiedClaims } from '@taskward/client';
import { RemoteToken } from './remote-token';
import { fetchSessionToken, loadSession } from './session-source';
import type { Issuer, SessionState } from './session-state';
import { forgetUser, rememberedUser, rememberUser, type User } from './user';

/** Reason why a user leaves. */
export type LeaveReason = 'sign-out' | 'session-ended' | 'account-deleted';

/** Asked before a user leaves; false keeps them signed in. */
type LeaveGuard = (reason: LeaveReason) => Promise<boolean>;

type Message =
  | { readonly type: 'signed-in'; readonly userId: string }
  | { readonly type: 'signed-out'; readonly userId: string };

/**
 * Knows who uses the page. All tabs of a browser have one session, and tell each other of its end.
 * A request without a session waits in `fetchToken()` until its user has signed in again.
 */
class SessionStore {
  #state: SessionState = { status: 'loading' };
  readonly #listeners = new Set<() => void>();
  readonly #guards = new Set<LeaveGuard>();
  readonly #tabs = new BroadcastChannel('taskward-session');
  readonly #remoteToken = new RemoteToken();
  #return: PromiseWithResolvers<void> | undefined;
  #changing: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#tabs.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      this.#hear(data);
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): SessionState => this.#state;

  /** Adds a question that is asked before a user leaves; returns a function that removes it. */
  addLeaveGuard(guard: LeaveGuard): () => void {
    this.#guards.add(guard);
    return () => this.#guards.delete(guard);
  }

  /** Loads the session; without a network, the page of the user who was here last. */
  async load(): Promise<void> {
    try {
      const { issuer, user } = await loadSession();
      if (user !== null) this.#enter(issuer, user);
      else this.#leave(issuer);
    } catch {
      const user = rememberedUser();
      if (this.#state.status === 'signed-in') return;
      if (user === undefined) this.#set({ status: 'unreachable' });
      else this.#set({ status: 'signed-in', issuer: { kind: 'embedded' }, user, hasEnded: false });
    }
  }

  /** Continues as the user who has just signed in. */
  enter(user: User): void {
    this.#enter({ kind: 'embedded' }, user);
    this.#tabs.postMessage({ type: 'signed-in', userId: user.id } satisfies Message);
  }

  /**
   * Continues as the user of a remote issuer's token, which stays in memory.
   *
   * @returns false if it is the token of somebody else than the user of this page
   * @throws SignedOutError for a token that the API refuses, NetworkError
   */
  async enterWithToken(token: string): Promise<boolean> {
    const user = await this.#remoteToken.userOf(token);
    const current = this.#state;
    if (current.status === 'loading' || current.status === 'unreachable') return false;
    if (current.status === 'signed-in' && current.user.id !== user.id) return false;
    this.#remoteToken.keep(token);
    this.#enter(current.issuer, user);
    return true;
  }

  /** Shows what the user has changed of the account. */
  update(user: User): void {
    if (this.#state.status !== 'signed-in') return;
    rememberUser(user);
    this.#set({ ...this.#state, user });
  }

  /** Checks whether the user may leave: changes may be unsent. */
  async mayLeave(reason: LeaveReason): Promise<boolean> {
    for (const guard of this.#guards) if (!(await guard(reason))) return false;
    return true;
  }

  /**
   * Sends a request that may end the session and begin another, as a change of the password does. No token is
   * asked for meanwhile: with the cookie of before it would be refused, as if the user had to sign in again.
   */
  change<T>(send: () => Promise<T>): Promise<T> {
    const changing = send();
    this.#changing = changing.catch(() => undefined);
    return changing;
  }

  /** Forgets the user, whose session has ended, in all tabs. */
  leave(): void {
    if (this.#state.status !== 'signed-in') return;
    const { issuer, user } = this.#state;
    this.#leave(issuer);
    this.#tabs.postMessage({ type: 'signed-out', userId: user.id } satisfies Message);
  }

  /**
   * Returns a token of the user. If the session has ended, it waits until the same user has signed
   * in again.
   *
   * @throws SignedOutError when the user has left, NetworkError
   */
  async fetchToken(userId: string): Promise<string> {
    for (;;) {
      await this.#changing;
      const state = this.#state;
      if (state.status !== 'signed-in' || state.user.id !== userId) {
        throw new SignedOutError('signed_out');
      }
      const token = state.hasEnded ? null : await this.#currentToken(state.issuer);
      if (token === null) {
        await this.#waitForReturn();
      } else {
        if (state.issuer.kind === 'remote' || unverifiedClaims(token).sub === userId) return token;
        // Another user has signed in, in another tab.
        await this.load();
        throw new SignedOutError('other_user');
      }
    }
  }

  async #currentToken(issuer: Issuer): Promise<string | null> {
    if (issuer.kind === 'remote') return this.#remoteToken.current();
    const token = await fetchSessionToken();
    // The refusal may have another reason than a sign-out.
    if (token === null && (await loadSession()).user !== null) return fetchSessionToken();
    return token;
  }

  #waitForReturn(): Promise<void> {
    this.#return ??= Promise.withResolvers();
    if (this.#state.status === 'signed-in') this.#set({ ...this.#state, hasEnded: true });
    return this.#return.promise;
  }

  #hear(message: Message): void {
    const user = this.#state.status === 'signed-in' ? this.#state.user : undefined;
    if (message.type === 'signed-in') {
      if (this.#state.status !== 'signed-in' || this.#state.hasEnded || user?.id !== message.userId)
        void this.load();
    } else if (this.#state.status === 'signed-in' && message.userId === user?.id) {
      this.#leave(this.#state.issuer);
    }
  }

  #enter(issuer: Issuer, user: User): void {
    const isSame = this.#state.status === 'signed-in' && this.#state.user.id === user.id;
    const waiting = this.#return;
    this.#return = undefined;
    // A token is gone with the page, and so is its user.
    if (issuer.kind === 'embedded') rememberUser(user);
    this.#set({ status: 'signed-in', issuer, user, hasEnded: false });
    if (isSame) waiting?.resolve();
    else waiting?.reject(new SignedOutError('other_user'));
  }

  #leave(issuer: Issuer): void {
    const waiting = this.#return;
    this.#return = undefined;
    const hasLeft = this.#state.status === 'signed-in';
    this.#remoteToken.forget();
    forgetUser();
    this.#set({ status: 'signed-out', issuer, hasLeft });
    waiting?.reject(new SignedOutError('signed_out'));
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

export const sessions = new SessionStore();
