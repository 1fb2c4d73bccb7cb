import { type Failure, formatPath } from './input-failures.js';

/** Maximum depth. No body needs as much, and recursive functions must not overflow the stack. */
export const MAX_DEPTH = 32;
const MAX_MEMBERS = 32;
/** Maximum length of an array: a batch, the longest, has as many operations. */
const MAX_ELEMENTS = 100;
/** Three times the number of values in the largest valid batch. */
const MAX_VALUES = 10_000;

/** Returns whether a value is nested deeper than a number of levels. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function tooManyFailure(path: readonly string[], limit: string): Failure {
  const detail = `${formatPath(path) || 'the whole'} must have at most ${limit}`;
  return { path, code: 'too_many', detail };
}

/** Traverses a value and counts what it contains. */
class SizeCheck {
  readonly #path: string[] = [];
  #values = 0;

  find(value: unknown): Failure | undefined {
    if (typeof value !== 'object' || value === null || this.#path.length > MAX_DEPTH) {
      return undefined;
    }
    const isArray = Array.isArray(value);
    const [limit, noun] = isArray ? [MAX_ELEMENTS, 'elements'] : [MAX_MEMBERS, 'members'];
    const count = isArray ? value.length : Object.keys(value).length;
    if (count > limit) return tooManyFailure([...this.#path], `${String(limit)} ${noun}`);
    this.#values += count;
    if (this.#values > MAX_VALUES) return tooManyFailure([], `${String(MAX_VALUES)} values`);
    return this.#findInside(value);
  }

  #findInside(value: object): Failure | undefined {
    for (const [name, inner] of Object.entries(value)) {
      this.#path.push(name);
      const failure = this.find(inner);
      if (failure !== undefined) return failure;
      this.#path.pop();
    }
    return undefined;
  }
}

/**
 * Returns the first part of a parsed value that has more members, elements or values than any input
 * needs. Later checks take time proportional to the input's size, some to its square.
 */
export const findOversize = (value: unknown): Failure | undefined => new SizeCheck().find(value);
