import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { Problem } from '../problems/index.js';
import { bodyProblem, queryProblem } from './input-failures.js';
import { QueryCache } from './query-cache.js';
import { InvalidInput, validateInput } from './validate-input.js';

/** A DTO that may declare its body optional. */
interface OptionalBody {
  readonly bodyIsOptional?: boolean;
}

/** Metatypes of parameters whose class has no rules. */
const BUILT_IN: readonly unknown[] = [undefined, Object, Array, String, Number, Boolean];

const isDto = (metatype: ArgumentMetadata['metatype']): metatype is Type<object> =>
  !BUILT_IN.includes(metatype);

const isJsonObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function assertJsonObject(value: unknown): void {
  if (value === undefined) throw new Problem('invalid_json', 'The body is missing.');
  if (isJsonObject(value)) return;
  throw bodyProblem([{ path: [], code: 'type', detail: 'The body must be a JSON object.' }]);
}

/**
 * Validates bodies (422) and queries (400), and rejects unknown members of both. Runs after the
 * guard, so a caller without a token learns nothing about the rules.
 *
 * Nest's own pipe is asynchronous, and handles input that JSON and queries cannot contain.
 */
export class ProblemValidationPipe implements PipeTransform {
  readonly #queries = new Map<Type<object>, QueryCache>();

  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    // A body that could not be parsed arrives as a problem; see `body-parser.ts`.
    if (value instanceof Problem) throw value;
    if (type === 'body') {
      const { bodyIsOptional = false } = (metatype ?? {}) as OptionalBody;
      if ((value ?? null) === null && bodyIsOptional) return undefined;
      assertJsonObject(value);
    }
    const isInput = type === 'body' || type === 'query';
    if (!isInput || !isJsonObject(value) || !isDto(metatype)) return value;
    try {
      return type === 'query' ? this.#query(value, metatype) : validateInput(value, metatype);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      throw type === 'query' ? queryProblem(error.failures) : bodyProblem(error.failures);
    }
  }

  #query(value: object, metatype: Type<object>): object {
    const queries = this.#queries.get(metatype) ?? new QueryCache(metatype);
    this.#queries.set(metatype, queries);
    return queries.get(value);
  }
}
