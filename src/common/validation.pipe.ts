import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync, type ValidatorOptions } from 'class-validator';
import { LRUCache } from 'lru-cache';
import { Problem, type ProblemError } from './problem.js';
import { elementRules } from './validators.js';

type Failure = Pick<ProblemError, 'code' | 'detail'> & { readonly path: readonly string[] };

class InvalidInput extends Error {
  constructor(readonly failures: readonly Failure[]) {
    super('invalid input');
  }
}

/** Stands before names that would not be refused; see `escapeNames`. */
const ESCAPE = '\0';

/** The failures of one broken rule; a rule about elements names each element that breaks it. */
function failuresOfRule(
  name: string,
  message: string,
  path: readonly string[],
  value: unknown,
): Failure[] {
  const failure = (code: string, inner: readonly string[] = []): Failure => {
    const whole = [...path, ...inner];
    return { path: whole, code, detail: `${whole.join('/')} ${message}` };
  };
  if (name === 'whitelistValidation') {
    return [{ path, code: 'unknown', detail: `${path.join('/')} is not known here` }];
  }
  if (name === 'nestedValidation') return [failure('type')];
  const rules = elementRules.get(name);
  if (rules === undefined || !Array.isArray(value)) return [failure(name)];
  return value.flatMap((element: unknown, index) =>
    rules.check(element, index, value) ? [] : [failure(rules.code, [String(index), ...rules.path])],
  );
}

/** One failure a broken rule, of a value and of what is nested in it. */
function failuresOf(error: ValidationError, outer: readonly string[] = []): Failure[] {
  const { property, constraints = {}, children = [] } = error;
  const value: unknown = error.value;
  const path = [...outer, property.startsWith(ESCAPE) ? property.slice(1) : property];
  return [
    ...Object.entries(constraints).flatMap(([name, message]) =>
      failuresOfRule(name, message, path, value),
    ),
    ...children.flatMap((child) => failuresOf(child, path)),
  ];
}

/** RFC 6901: `~` and `/` inside a name are escaped. */
function pointerOf(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** More than a body of good will can earn; a large and hostile one would earn a million. */
const MOST_ERRORS = 1_000;

/** Of one object or array, more than any body needs: class-transformer takes a square of time. */
const MOST_MEMBERS = 200;

function bodyProblem(failures: readonly Failure[]): Problem {
  return new Problem('validation_failed', 'The body breaks the rules listed in "errors".', {
    errors: failures
      .slice(0, MOST_ERRORS)
      .map(({ path, code, detail }) => ({ pointer: pointerOf(path), code, detail })),
  });
}

function queryProblem(failures: readonly Failure[]): Problem {
  return new Problem('invalid_parameter', 'The query breaks the rules listed in "errors".', {
    errors: failures.map(({ path: [parameter = ''], code, detail }) => ({
      parameter,
      code,
      detail,
    })),
  });
}

function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isSpecial = (name: string) => name in Object.prototype || name === 'prototype';

function refuseTooMany({ length }: readonly unknown[], path: readonly string[]): void {
  if (length <= MOST_MEMBERS) return;
  const detail = `${path.join('/') || 'the whole'} must have at most ${String(MOST_MEMBERS)} members`;
  throw new InvalidInput([{ path, code: 'too_many', detail }]);
}

/**
 * A copy in which no object has a name that would not be refused: class-validator keeps its rules in
 * a plain object, and so finds `constructor` among the known ones, class-transformer would call what
 * it finds there, and Nest drops `prototype` in silence.
 *
 * @throws InvalidInput when an object or array is too large to be looked at.
 */
function escapeNames(value: unknown, path: readonly string[] = []): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  refuseTooMany(entries, path);
  const copies = entries.map(([name, inner]: [string, unknown]): [string, unknown] => [
    !Array.isArray(value) && isSpecial(name) ? ESCAPE + name : name,
    escapeNames(inner, [...path, name]),
  ]);
  return Array.isArray(value) ? copies.map(([, copy]) => copy) : Object.fromEntries(copies);
}

/** A DTO whose absence means something. */
interface OptionalBody {
  readonly bodyIsOptional?: boolean;
}

const OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: false,
  // Rules about elements ask again which elements break them.
  validationError: { target: false, value: true },
};

/** Queries that are remembered at most, and the characters of one. */
const MOST_QUERIES = 1_000;
const MOST_CHARACTERS = 500;

/** What stands for a parameter's class where it has none with rules. */
const BUILT_IN: readonly unknown[] = [undefined, Object, Array, String, Number, Boolean];

const isDto = (metatype: ArgumentMetadata['metatype']): metatype is Type<object> =>
  !BUILT_IN.includes(metatype);

/** @throws InvalidInput */
function validated(value: object, metatype: Type<object>): object {
  const dto = plainToInstance(metatype, escapeNames(value));
  const errors = validateSync(dto, OPTIONS);
  if (errors.length > 0) throw new InvalidInput(errors.flatMap((error) => failuresOf(error)));
  return dto;
}

/** Stands for every cursor: of those, validation only knows that they are texts. */
const ANY_CURSOR = 'any';

/**
 * The queries of one class that were valid, by what was sent: the rules know nothing else, and clients ask
 * for the same lists again and again. A page's cursor comes once, and counts as one that was seen.
 */
class ValidQueries {
  readonly #queries = new LRUCache<string, object>({ max: MOST_QUERIES });

  constructor(private readonly metatype: Type<object>) {}

  /** @throws InvalidInput */
  of(value: object): object {
    const cursor = 'cursor' in value ? value.cursor : undefined;
    if (typeof cursor !== 'string' || cursor === '') return this.#known(value);
    const query = this.#known({ ...value, cursor: ANY_CURSOR });
    return Object.assign(new this.metatype(), query, { cursor });
  }

  #known(value: object): object {
    const sent = JSON.stringify(value);
    const known = this.#queries.get(sent);
    if (known !== undefined) return known;
    const query = validated(value, this.metatype);
    if (sent.length > MOST_CHARACTERS) return query;
    for (const member of Object.values(query)) Object.freeze(member);
    this.#queries.set(sent, Object.freeze(query));
    return query;
  }
}

function refuseNoObject(value: unknown): void {
  if (value === undefined) throw new Problem('invalid_json', 'The body is missing.');
  if (isJsonObject(value)) return;
  throw bodyProblem([{ path: [], code: 'type', detail: 'The body must be a JSON object.' }]);
}

/**
 * Validates bodies (422) and queries (400), and refuses what is not known in either. Runs after the
 * guard, so a caller without a token learns nothing about the rules.
 *
 * Nest's own pipe does it by promises, and looks for what JSON and queries cannot hold.
 */
export class ProblemValidationPipe implements PipeTransform {
  readonly #queries = new Map<Type<object>, ValidQueries>();

  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    // A body that could not be read arrives as the problem itself: see `body-parser.ts`.
    if (value instanceof Problem) throw value;
    if (type === 'body') {
      const { bodyIsOptional = false } = (metatype ?? {}) as OptionalBody;
      if ((value ?? null) === null && bodyIsOptional) return undefined;
      refuseNoObject(value);
    }
    const isInput = type === 'body' || type === 'query';
    if (!isInput || !isJsonObject(value) || !isDto(metatype)) return value;
    try {
      return type === 'query' ? this.#query(value, metatype) : validated(value, metatype);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      throw type === 'query' ? queryProblem(error.failures) : bodyProblem(error.failures);
    }
  }

  #query(value: object, metatype: Type<object>): object {
    const queries = this.#queries.get(metatype) ?? new ValidQueries(metatype);
    this.#queries.set(metatype, queries);
    return queries.of(value);
  }
}
