/** A part of a text: a link, if it has an address. */
export interface TextPart {
  readonly text: string;
  readonly href?: string;
}

const LINK = /\bhttps?:\/\/[^\s<>"'`]+|\bmailto:[^\s<>"'`]+@[^\s<>"'`]+/giu;
/** Marks that end a sentence, not an address. */
const TRAILING = /[.,;:!?…]+$/u;

function trimmed(link: string): string {
  const text = link.replace(TRAILING, '');
  // (see https://example.org/) but https://example.org/a_(b)
  const isUnbalanced = text.endsWith(')') && !text.includes('(');
  return isUnbalanced ? trimmed(text.slice(0, -1)) : text;
}

const isAddress = (text: string) => URL.canParse(text);

/** Splits notes into text and links. Only web and mail addresses become links. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = trimmed(match[0]);
    if (!isAddress(link)) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: link, href: link });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}
