import { type Failure, shownPath } from './input-failures.js';

/** Levels; no body needs as many, and what walks through a value must not run out of stack. */
export const MAX_DEPTH = 32;
const MAX_MEMBERS = 32;
/** As many as a batch has operations, of all arrays the longest. */
const MAX_ELEMENTS = 100;
/** Thrice the values of the largest valid batch. */
const MAX_VALUES = 10_000;

function tooMany(path: readonly string[], what: string): Failure {
  const detail = `${shownPath(path) || 'the whole'} must have at most ${what}`;
  return { path, code: 'too_many', detail };
}

/** Walks through a value, and counts on. */
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
    if (count > limit) return tooMany([...this.#path], `${String(limit)} ${noun}`);
    this.#values += count;
    if (this.#values > MAX_VALUES) return tooMany([], `${String(MAX_VALUES)} values`);
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
 * needs. Everything that looks at an input later takes time by its size, some of it by the square.
 */
export const findOversize = (value: unknown): Failure | undefined => new SizeCheck().find(value);
