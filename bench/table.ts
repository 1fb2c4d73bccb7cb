export const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const rule = (cells: readonly string[]) => row(cells.map((_, i) => (i === 0 ? '---' : '---:')));

/** Returns a Markdown table of rows that are complete. */
export const table = (head: readonly string[], rows: readonly string[]): string =>
  [row(head), rule(head), ...rows].join('\n');

export const whole = (value: number): string =>
  Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en');

export const short = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));
