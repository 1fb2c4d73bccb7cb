import fc from 'fast-check';

const BODY_BYTES = 256 * 1024;

const repeat = (bytes: number, unit: (index: number) => string) =>
  Array.from({ length: Math.floor(bytes / (unit(10_000).length + 1)) }, (_, i) => unit(i)).join();

/** Members, elements and texts that take many bytes, each in its own way. */
const FILLINGS: Record<string, (bytes: number) => string> = {
  'members nobody knows': (bytes) => `{${repeat(bytes, (i) => `"m${String(i)}":0`)}}`,
  'members of few names': (bytes) => `{${repeat(bytes, (i) => `"m${String(i % 9)}":0`)}}`,
  'names of every object': (bytes) => `{${repeat(bytes, (i) => `"__proto__${String(i)}":{}`)}}`,
  numbers: (bytes) => `[${repeat(bytes, () => '0')}]`,
  'empty arrays': (bytes) => `[${repeat(bytes, () => '[]')}]`,
  'empty objects': (bytes) => `[${repeat(bytes, () => '{}')}]`,
  texts: (bytes) => `[${repeat(bytes, (i) => `"t${String(i % 50)}"`)}]`,
  'blank texts': (bytes) => `[${repeat(bytes, () => '"  "')}]`,
  'a text': (bytes) => `"${'x'.repeat(bytes)}"`,
  'a text of blanks': (bytes) => `"x${' '.repeat(bytes)}x"`,
  'a text of escapes': (bytes) => `"${'\\u0316'.repeat(bytes / 6)}"`,
  'a text of ligatures': (bytes) => `"${'\ufdfa'.repeat(bytes / 3)}"`,
  'a text of marks': (bytes) => `"${'\u0316\u0301'.repeat(bytes / 4)}"`,
  'a long name': (bytes) => `{"${'~/'.repeat(bytes / 2)}":0}`,
  'a deep array': (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
  'a deep object': (bytes) => `${'{"a":'.repeat(bytes / 6)}0${'}'.repeat(bytes / 6)}`,
  'an instant': (bytes) => `"2026-12-24T10:00:00.${'1'.repeat(bytes)}"`,
  'entity tags': (bytes) => `"${'\\"1\\",'.repeat(bytes / 7)}"`,
};

const member = fc.constantFrom(
  ...['title', 'description', 'tags', 'due', 'priority', 'completed', 'x', 'constructor'],
);
const filling = fc.constantFrom(...Object.values(FILLINGS));

/** A task of some members, in so many bytes. */
const task = fc
  .uniqueArray(fc.tuple(member, filling), { maxLength: 8, selector: ([name]) => name })
  .map((members) => (bytes: number) => {
    const inner = members.map(([name, fill]) => `"${name}":${fill(bytes / members.length - 20)}`);
    return `{${inner.join()}}`;
  });

const wrap = fc.constantFrom<(text: string) => string>(
  (text) => `{"op":"create","task":${text}}`,
  (text) => `{"op":"update","id":"019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90","patch":${text}}`,
  (text) => `{"op":"delete","id":${text},"ifMatch":${text.slice(0, 0)}0}`,
  (text) => `{"op":${text}}`,
  (text) => text,
);

const batch = fc
  .tuple(fc.constantFrom(1, 3, 30, 100, 101), wrap, task)
  .map(([count, operation, inner]) => {
    const one = operation(inner(BODY_BYTES / count - 90));
    return `{"operations":[${Array(count).fill(one).join()}]}`;
  });

/** A body, and what it is sent as. */
export interface HostileBody {
  readonly text: string;
  readonly kind: 'batch' | 'task';
}

/** Bodies of 256 KB that may take long to read and to check. */
export const anyBody: fc.Arbitrary<HostileBody> = fc.oneof(
  batch.map((text) => ({ text, kind: 'batch' as const })),
  task.map((of) => ({ text: of(BODY_BYTES - 100), kind: 'task' as const })),
  filling.map((fill) => ({ text: fill(BODY_BYTES - 100), kind: 'task' as const })),
);

/** One body of each filling. */
export const EXAMPLES: readonly HostileBody[] = Object.values(FILLINGS).map((fill) => ({
  text: fill(BODY_BYTES - 100),
  kind: 'task',
}));

/** The body that JSON.parse alone takes longest for: what everything is compared with. */
export const YARDSTICK = FILLINGS['members nobody knows']?.(BODY_BYTES) ?? '';
