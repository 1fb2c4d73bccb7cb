import { readFile } from 'node:fs/promises';

/** A link of a table's cell, with the titles of tests that it names. */
export interface Evidence {
  /** As it is written: relative to the page. */
  readonly path: string;
  readonly anchor: string | undefined;
  readonly titles: readonly string[];
}

/** The rows of a section's tables that begin with `id`, by cell. */
export function rowsOf(page: string, heading: string, id = /\d/): string[][] {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const rows = section.matchAll(/^\| (.+) \|$/gm);
  return Array.from(rows, ([, row = '']) => row.split('|').map((cell) => cell.trim())).filter(
    ([first = '']) => id.test(first.charAt(0)),
  );
}

/** `[file](../path): "a test", "another"` anywhere in a cell, and links without titles. */
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

/** The strings of a file that can be titles of tests, or rows of `it.each`. */
export async function titlesIn(path: string): Promise<Set<string>> {
  const source = await readFile(path, 'utf8');
  const literals = source.matchAll(/[([,:]\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`\n]+)`)/g);
  return new Set(Array.from(literals, ([, ...quoted]) => quoted.find(Boolean) ?? ''));
}

/** The anchors of a page's headings, as GitHub makes them. */
export async function anchorsIn(path: string): Promise<Set<string>> {
  const headings = (await readFile(path, 'utf8')).matchAll(/^#+ (.+)$/gm);
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-');
  return new Set(Array.from(headings, ([, heading = '']) => anchorOf(heading)));
}
