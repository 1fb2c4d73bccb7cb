/** Names of a statement, as OpenTelemetry's conventions define them. Nothing in them is a value. */
export interface QuerySummary {
  /** Operations and their tables: `INSERT task, INSERT change`. */
  readonly summary: string;
  /** Set if there is one alone. */
  readonly operation: string | undefined;
  readonly table: string | undefined;
}

const LITERALS = /'(?:[^']|'')*'/g;
const NAME = String.raw`(?:"?\w+"?\.)?"?(\w+)"?`;
/** Writes; the conflict clause of an insert names no table, and neither does a lock. */
const WRITES = new RegExp(
  String.raw`(?<!\b(?:for|do|key) )\b(insert into|update|delete from)\s+(?!set\b)${NAME}`,
  'gi',
);
/** Tables, not functions that return rows, and not `is distinct from`. */
const READS = new RegExp(
  String.raw`(?<!\bdistinct )\b(?:from|join)\s+${NAME}(?![\w"]*\s*\()`,
  'gi',
);
/** Names of subqueries: they look like tables. */
const SUBQUERIES = /"?(\w+)"?\s+as\s+(?:not\s+)?(?:materialized\s+)?\(/gi;

const firstWord = (text: string) => /\w+/.exec(text)?.[0].toUpperCase() ?? '';

/** Summarizes a statement. */
export function summarize(text: string): QuerySummary {
  const plain = text.replaceAll(LITERALS, "''");
  const subqueries = new Set(Array.from(plain.matchAll(SUBQUERIES), ([, name]) => name));
  const writes = Array.from(plain.matchAll(WRITES), ([, operation = '', table = '']) => ({
    operation: firstWord(operation),
    table,
  }));
  const reads = Array.from(plain.matchAll(READS), ([, table = '']) => ({
    operation: 'SELECT',
    table,
  })).filter(({ table }) => !subqueries.has(table));
  const parts = writes.length > 0 ? writes : reads;
  const names = new Set(parts.map(({ operation, table }) => `${operation} ${table}`));
  if (names.size === 0) {
    return { summary: firstWord(plain), operation: firstWord(plain), table: undefined };
  }
  const [only] = names.size === 1 ? parts : [];
  const summary = Array.from(names).join(', ');
  return { summary, operation: only?.operation, table: only?.table };
}
