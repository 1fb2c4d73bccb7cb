const ASCII = /^[\0-\x7f]*$/;

/** Letters whose fold is not their lower case: final sigma, and Cherokee, which folds to capitals. */
const IRREGULAR = /[ς\u13f8-\u13fd\uab70-\uabbf]/g;

/** Folds to itself: in Turkic languages alone it is the lower case of `I`. */
const DOTLESS_I = '\u0131';

/** Full case folding of a text in NFD. */
const foldCase = (text: string) =>
  text
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replace(IRREGULAR, (letter) => (letter === 'ς' ? 'σ' : letter.toUpperCase()));

/**
 * Returns what all spellings of a tag have in common: its full case folding, in NFC. The database
 * folds in the same way for its index and for filters (`task_lower`); a test compares the two.
 *
 * https://www.unicode.org/versions/latest/core-spec/chapter-3/#G34145 (D145)
 */
export function foldTag(tag: string): string {
  if (ASCII.test(tag)) return tag.toLowerCase();
  const parts = tag.normalize('NFD').split(DOTLESS_I);
  return parts.map(foldCase).join(DOTLESS_I).normalize('NFC');
}
