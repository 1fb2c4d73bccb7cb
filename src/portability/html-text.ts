/** Elements of a document that are converted; those beyond are left out. */
const LIMITS = { maxInputLength: 1_000_000, maxDepth: 32, maxChildNodes: 10_000 };

/** Returns a function that converts HTML to plain text: paragraphs, lists and addresses of links stay. */
export async function htmlConverter(): Promise<(html: string) => string> {
  const { compile } = await import('html-to-text');
  const convert = compile({
    limits: LIMITS,
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
  // Plain text, which older versions wrote, must keep its lines.
  return (html) => (html.includes('<') ? convert(html) : html);
}
