import type { Type } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { validateInput } from './validate-input.js';

const MAX_QUERIES = 1_000;
const MAX_QUERY_CHARACTERS = 500;

/** Placeholder for any cursor: validation checks only that it is a string. */
const CURSOR_PLACEHOLDER = 'any';

/**
 * Valid queries of one class, by their parameters: clients request the same lists again and again.
 * A cursor is used once, so a page's query is cached without it.
 */
export class QueryCache {
  readonly #queries = new LRUCache<string, object>({ max: MAX_QUERIES });

  constructor(private readonly metatype: Type<object>) {}

  /**
   * Returns the validated query.
   *
   * @throws InvalidInput
   */
  get(value: object): object {
    const cursor = 'cursor' in value ? value.cursor : undefined;
    if (typeof cursor !== 'string' || cursor === '') return this.#getOrValidate(value);
    const query = this.#getOrValidate({ ...value, cursor: CURSOR_PLACEHOLDER });
    return Object.assign(new this.metatype(), query, { cursor });
  }

  #getOrValidate(value: object): object {
    const key = JSON.stringify(value);
    const cached = this.#queries.get(key);
    if (cached !== undefined) return cached;
    const query = validateInput(value, this.metatype);
    if (key.length > MAX_QUERY_CHARACTERS) return query;
    for (const member of Object.values(query)) Object.freeze(member);
    this.#queries.set(key, Object.freeze(query));
    return query;
  }
}
