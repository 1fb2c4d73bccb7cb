/** The place in the change log that this browser has reached, with the time of the last write. */
interface Stored {
  readonly token: string;
  readonly at: number;
}

/** After this time, lists are read anew rather than brought up to date change by change. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;

const keyOf = (user: string) => `taskward-changes:${user}`;

/** Returns the token of the last change that this browser has applied, unless that was too long ago. */
export function readToken(user: string): string | undefined {
  try {
    const text = localStorage.getItem(keyOf(user));
    const stored = text === null ? undefined : (JSON.parse(text) as Stored);
    return stored && Date.now() - stored.at < MAX_AGE_MS ? stored.token : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a token for the next tab that follows the log; a full disk keeps the previous one. */
export function keepToken(user: string, token: string): void {
  try {
    localStorage.setItem(keyOf(user), JSON.stringify({ token, at: Date.now() } satisfies Stored));
  } catch {
    // Changes come once more, which changes nothing.
  }
}

export const forgetToken = (user: string): void => localStorage.removeItem(keyOf(user));
