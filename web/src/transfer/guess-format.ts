/** Formats of an import, as the API names them. */
export const FORMATS = ['taskward', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** Bytes of a file that its format is guessed by. */
const HEAD_BYTES = 4096;

/** Returns the format that a file seems to have, by its beginning, and otherwise by its name. */
export async function guessFormat(file: File): Promise<Format> {
  const head = (await file.slice(0, HEAD_BYTES).text()).replace(/^\uFEFF/, '').trimStart();
  if (head.startsWith('{')) return 'taskward';
  return /\.json$/i.test(file.name) && !/^[^\n]*[,;\t]/.test(head) ? 'taskward' : 'csv';
}
