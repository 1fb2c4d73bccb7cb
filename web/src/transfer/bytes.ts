const UNITS = ['kilobyte', 'megabyte'] as const;
const STEP = 1000;

/** Returns a number of bytes for people. */
export function bytesText(bytes: number, locale: string): string {
  const power = bytes < STEP ** 2 ? 1 : 2;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[power - 1] ?? 'byte',
    maximumSignificantDigits: 3,
  }).format(bytes / STEP ** power);
}
