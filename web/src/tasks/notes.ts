const LINK = /\bhttps?:\/\/[^\s<>"'`]+|\bmailto:[^\s<>"'`]+@[^\s<>"'`]+/giu;
/** Marks that end a sentence, not an address. */
const TRAILING = /[.,;:!?…]+$/u;

function trimmed(link: string): string {
  const text = link.replace(TRAILING, '');
  // (see https://example.org/) but https://example.org/a_(b)
  const isUnbalanced = text.endsWith(')') && !text.includes('(');
  return isUnbalanced ? trimmed(text.slice(0, -1)) : text;
}

/** Returns the addresses in notes, each once. Only those of the web and of mail become links. */
export const linksIn = (text: string): string[] => [
  ...new Set(
    Array.from(text.matchAll(LINK), ([link]) => trimmed(link)).filter((link) => URL.canParse(link)),
  ),
];
