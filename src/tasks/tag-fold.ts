const ASCII = /^[\0-\x7f]*$/;

/** Letters whose fold is not their lower case: final sigma, and Cherokee, which folds to upper case. */
const IRREGULAR = /[ς\u13f8-\u13fd\uab70-\uabbf]/g;

/** Folds to itself: only in Turkic languages is it the lower case of `I`. */
const DOTLESS_I = '\u0131';

/** Applies full case folding to a string in NFD. */
const foldCase = (text: string) =>
  text
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replace(IRREGULAR, (letter) => (letter === 'ς' ? 'σ' : letter.toUpperCase()));

/**
 * Returns the form that all spellings of a tag share: its full case folding, in NFC. The database folds
 * the same way for its index and for filters (`task_lower`); a test compares the two.
 *
 * https://www.unicode.org/versions/latest/core-spec/chapter-3/#G34145 (D145)
 */
export function foldTag(tag: string): string {
  if (ASCII.test(tag)) return tag.toLowerCase();
  const parts = tag.normalize('NFD').split(DOTLESS_I);
  return parts.map(foldCase).join(DOTLESS_I).normalize('NFC');
}
