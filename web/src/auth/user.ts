export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

const STORAGE_KEY = 'taskward-user';

/**
 * Returns the user who was signed in when the page was last open: a reload without a network shows
 * their page. It grants nothing, as it is not a token.
 */
export function rememberedUser(): User | undefined {
  try {
    return (JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null') as User | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export function rememberUser({ id, name, email }: User): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify({ id, name, email }));
}

export function forgetUser(): void {
  localStorage.removeItem(STORAGE_KEY);
}
