const ASCII = /^[\0-\x7f]*$/;

/** Letters whose fold is not their lower case: final sigma, and Cherokee, which folds to capitals. */
const IRREGULAR = /[ς\u13f8-\u13fd\uab70-\uabbf]/g;

/** Folds to itself: in Turkic languages alone it is the lower case of `I`. */
const DOTLESS_I = '\u0131';

const foldCase = (text: string) =>
  text
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replace(IRREGULAR, (letter) => (letter === 'ς' ? 'σ' : letter.toUpperCase()));

/**
 * Returns what all spellings of a tag have in common, as the API folds them: full case folding of the
 * decomposed text, composed again.
 */
export function foldTag(tag: string): string {
  if (ASCII.test(tag)) return tag.toLowerCase();
  const parts = tag.normalize('NFD').split(DOTLESS_I);
  return parts.map(foldCase).join(DOTLESS_I).normalize('NFC');
}

/** Returns the tags without those that repeat an earlier one in another spelling. */
export function distinctTags(tags: readonly string[]): string[] {
  const folds = new Set<string>();
  return tags.filter((tag) => {
    const fold = foldTag(tag);
    if (folds.has(fold)) return false;
    folds.add(fold);
    return true;
  });
}
