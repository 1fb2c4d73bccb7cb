function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Serializes a value so that objects with the same members, in whatever order, give the same string. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, sorted);
}
