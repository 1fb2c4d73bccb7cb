/** Text that is longer, or has more tags, stays as it is: the library is recursive, and quadratic for nested elements. */
const MAX_CHARACTERS = 100_000;
const MAX_TAGS = 500;

const isConverted = (text: string) => {
  if (text.length > MAX_CHARACTERS) return false;
  const tags = text.split('<', MAX_TAGS + 2).length - 1;
  return tags > 0 && tags <= MAX_TAGS;
};

/** Returns a function that converts HTML to plain text: paragraphs, lists and addresses of links stay. */
export async function htmlConverter(): Promise<(html: string) => string> {
  const { compile } = await import('html-to-text');
  const convert = compile({
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
      { selector: 'ul', options: { itemPrefix: '- ' } },
    ],
  });
  return (html) => (isConverted(html) ? convert(html) : html);
}
