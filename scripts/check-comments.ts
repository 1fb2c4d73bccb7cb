import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * Checks how sentences open: a function's comment starts with a verb in the third person, a thing's
 * with its noun. None opens with one of the words below, and neither does anything that users read:
 * OpenAPI descriptions, titles and details of errors, README and docs.
 */
const WORDS = 'What|Whatever|Who|Whose|Whoever|Whom|Of|So many|So long|To|Has|Says|Tells|Asks';
const IN_COMMENTS = new RegExp(`^(?:${WORDS})\\b`);
/** In instructions, "To restore, run …" is good English. */
const IN_TEXTS = new RegExp(`^(?:${WORDS.replace('|To|', '|')})\\b(?![^.]*\\?)`);

const SOURCES = ['src', 'test', 'scripts', 'bench', 'clients', 'web/{src,test}'].map(
  (folder) => `${folder}/**/*.{ts,tsx,js,mjs}`,
);
const PAGES = ['README.md', 'docs/*.md'];
const TEXT_MEMBERS: ReadonlySet<string> = new Set(['description', 'summary', 'title', 'detail']);

interface Opening {
  readonly place: string;
  readonly text: string;
}

/** Returns the comments of a file; consecutive line comments count as one. */
function commentsOf(file: string): Opening[] {
  const source = readFileSync(file, 'utf8');
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const ranges = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const leading = ts.getLeadingCommentRanges(source, node.pos) ?? [];
    const trailing = ts.getTrailingCommentRanges(source, node.end) ?? [];
    for (const range of [...leading, ...trailing]) ranges.set(range.pos, range);
    for (const child of node.getChildren(tree)) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(tree);
  let end = -1;
  const comments: Opening[] = [];
  for (const range of [...ranges.values()].sort((a, b) => a.pos - b.pos)) {
    const isLine = range.kind === ts.SyntaxKind.SingleLineCommentTrivia;
    const isContinued = isLine && end !== -1 && source.slice(end, range.pos).trim() === '';
    end = isLine ? range.end : -1;
    if (isContinued) continue;
    const line = tree.getLineAndCharacterOfPosition(range.pos).line + 1;
    const text = source.slice(range.pos, range.end).replace(/^\/[/*]+[\s*]*/, '');
    comments.push({ place: `${file}:${String(line)}`, text });
  }
  return comments;
}

/** Returns the sentences that open paragraphs, list items and table cells, except in code. */
function openingsOf(file: string): Opening[] {
  let isCode = false;
  let isInside = false;
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index): Opening[] => {
      if (line.trimStart().startsWith('```')) isCode = !isCode;
      const opens = !isInside || /^\s*(?:[-*|>]|\d+\.)\s/.test(line);
      isInside = line.trim() !== '' && !line.startsWith('#');
      if (isCode || !opens || line.startsWith('#')) return [];
      const texts = line.trimStart().startsWith('|') ? line.split('|') : [line];
      return texts.map((text) => ({
        place: `${file}:${String(index + 1)}`,
        text: text.replace(/^\s*(?:[-*>]|\d+\.)?\s*/, ''),
      }));
    });
}

/** Returns the texts of an OpenAPI document, with the titles and details of its example errors. */
function textsOf(value: unknown, path = 'openapi.json#'): Opening[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const place = `${path}/${name.replaceAll('/', '~1')}`;
    if (TEXT_MEMBERS.has(name) && typeof inner === 'string') return [{ place, text: inner }];
    return textsOf(inner, place);
  });
}

const report = ({ place, text }: Opening) => {
  process.stderr.write(`${place}: ${text.split('\n', 1)[0] ?? ''}\n`);
};

const comments = globSync(SOURCES, { exclude: ['**/node_modules/**', '**/dist/**'] }).flatMap(
  commentsOf,
);
const odd = comments.filter(({ text }) => IN_COMMENTS.test(text));
const texts = [
  ...globSync(PAGES).flatMap(openingsOf),
  ...textsOf(JSON.parse(readFileSync('openapi.json', 'utf8'))),
];
const oddTexts = texts.filter(({ text }) => IN_TEXTS.test(text));
if (odd.length > 0 || oddTexts.length > 0) {
  [...odd, ...oddTexts].forEach(report);
  process.stderr.write(
    `${String(odd.length)} of ${String(comments.length)} comments, and ${String(oddTexts.length)} texts ` +
      'open with a word that CONTRIBUTING.md (Language) rules out.\n',
  );
  process.exitCode = 1;
}
