/** The choices of when a token ends: days from now, the end of a day, or not at all. */
export const EXPIRIES = ['30', '90', '365', 'day', 'never'] as const;
export type Expiry = (typeof EXPIRIES)[number];

const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns when a token ends, as the API takes it; undefined for a day that is missing or over. */
export function expiresAtOf(expiry: Expiry, day: string, now: number): string | null | undefined {
  if (expiry === 'never') return null;
  if (expiry !== 'day') return new Date(now + Number(expiry) * DAY_MS).toISOString();
  // Without a zone: the end of the day where the person is.
  const end = new Date(`${day}T23:59:59`);
  return end.valueOf() > now ? end.toISOString() : undefined;
}
