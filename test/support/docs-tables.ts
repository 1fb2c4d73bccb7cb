import { readFile } from 'node:fs/promises';

/** A link in a table cell, with the titles of tests that it quotes. */
export interface Evidence {
  /** Relative to the page, as written. */
  readonly path: string;
  readonly anchor: string | undefined;
  readonly titles: readonly string[];
}

/** Returns the table rows of a section whose first cell matches `id`, as cells. */
export function rowsOf(page: string, heading: string, id = /\d/): string[][] {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const rows = section.matchAll(/^\| (.+) \|$/gm);
  return Array.from(rows, ([, row = '']) => row.split('|').map((cell) => cell.trim())).filter(
    ([first = '']) => id.test(first.charAt(0)),
  );
}

/** Parses `[file](../path): "a test", "another"` anywhere in a cell, and links without titles. */
export function evidenceIn(cell: string): Evidence[] {
  const links = cell.matchAll(
    /\[[^\]]+\]\(([^)#\s]*)(?:#([\w-]+))?\)(?:: ("[^"]+"(?:, "[^"]+")*))?/g,
  );
  return Array.from(links, ([, path = '', anchor, titles = '']) => ({
    path,
    anchor,
    titles: Array.from(titles.matchAll(/"([^"]+)"/g), ([, title = '']) => title),
  }));
}

/** Returns the strings of a file that can be titles of tests, or rows of `it.each`. */
export async function titlesIn(path: string): Promise<Set<string>> {
  const source = await readFile(path, 'utf8');
  const literals = source.matchAll(/[([,:]\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`\n]+)`)/g);
  return new Set(Array.from(literals, ([, ...quoted]) => quoted.find(Boolean) ?? ''));
}

/** Returns the anchors of a page's headings, as GitHub generates them. */
export async function anchorsIn(path: string): Promise<Set<string>> {
  const headings = (await readFile(path, 'utf8')).matchAll(/^#+ (.+)$/gm);
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-');
  return new Set(Array.from(headings, ([, heading = '']) => anchorOf(heading)));
}
