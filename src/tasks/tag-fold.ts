const ASCII = /^[\0-\x7f]*$/;

/** Cherokee's upper-case letters, which its lower-case ones fold to. */
const UPPER_CHEROKEE = /[\u13a0-\u13f5]/;

/** Folds to itself, and to `i` in Turkic languages alone. */
const DOTLESS_I = '\u0131';

function foldCharacter(character: string): string {
  if (character === DOTLESS_I) return character;
  const upper = character.toLowerCase().toUpperCase();
  return UPPER_CHEROKEE.test(upper) ? upper : upper.toLowerCase();
}

/**
 * Returns what all spellings of a tag have in common: its full case folding, in NFC. The database
 * folds in the same way for its index and for filters (`task_lower`); a test compares the two.
 *
 * https://www.unicode.org/versions/latest/core-spec/chapter-3/#G34145 (D145)
 */
export function foldTag(tag: string): string {
  if (ASCII.test(tag)) return tag.toLowerCase();
  return Array.from(tag.normalize('NFD'), foldCharacter).join('').normalize('NFC');
}
