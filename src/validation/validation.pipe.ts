import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidatorOptions } from 'class-validator';
import { LRUCache } from 'lru-cache';
import {
  bodyProblem,
  type Failure,
  MAX_ERRORS,
  queryProblem,
  shownPath,
} from './input-failures.js';
import { findOversize } from './input-size.js';
import { isStandIn, nestedPropertiesOf } from './nested.js';
import { Problem } from '../problems/index.js';
import { elementRules } from './validators.js';

class InvalidInput extends Error {
  constructor(readonly failures: readonly Failure[]) {
    super('invalid input');
  }
}

/** Stands before names that would not be refused; see `escapeNames`. */
const ESCAPE = '\0';

/** Collects failures until there are as many as one problem lists. */
class Failures {
  readonly all: Failure[] = [];

  get isFull(): boolean {
    return this.all.length >= MAX_ERRORS;
  }

  add(path: readonly string[], code: string, message: string): void {
    if (!this.isFull) this.all.push({ path, code, detail: `${shownPath(path)} ${message}` });
  }

  /** A rule about elements names each element that breaks it. */
  addRule(name: string, message: string, path: readonly string[], value: unknown): void {
    if (name === 'whitelistValidation') {
      this.add(path, 'unknown', 'is not known here');
      return;
    }
    const rules = elementRules.get(name);
    if (rules === undefined || !Array.isArray(value)) {
      this.add(path, name, message);
      return;
    }
    for (const [index, element] of value.entries()) {
      if (this.isFull) return;
      if (rules.check(element, index, value)) continue;
      this.add([...path, String(index), ...rules.path], rules.code, message);
    }
  }
}

/** Checks an object by the rules of its class, and then what is nested in it, until there is enough. */
function check(object: object, path: readonly string[], failures: Failures): void {
  const nested = new Set(nestedPropertiesOf(object));
  const descend = (property: string): void => {
    if (nested.delete(property))
      checkNested(Reflect.get(object, property), [...path, property], failures);
  };
  for (const { property, constraints = {}, value } of validateSync(object, OPTIONS)) {
    const place = [...path, property.startsWith(ESCAPE) ? property.slice(1) : property];
    for (const [name, message] of Object.entries(constraints)) {
      failures.addRule(name, message, place, value);
    }
    descend(property);
  }
  for (const property of nested) descend(property);
}

function checkNested(value: unknown, path: readonly string[], failures: Failures): void {
  if (value === undefined || isStandIn(value) || failures.isFull) return;
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      checkNested(element, [...path, String(index)], failures);
    }
  } else if (typeof value === 'object' && value !== null) check(value, path, failures);
  else failures.add(path, 'type', 'must be an object');
}

function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isSpecial = (name: string) => name in Object.prototype || name === 'prototype';

/**
 * A copy in which no object has a name that would not be refused: class-validator keeps its rules in
 * a plain object, and so finds `constructor` among the known ones, class-transformer would call what
 * it finds there, and Nest drops `prototype` in silence.
 */
function escapeNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(escapeNames);
  const copies = Object.entries(value).map(([name, inner]: [string, unknown]) => [
    isSpecial(name) ? ESCAPE + name : name,
    escapeNames(inner),
  ]);
  return Object.fromEntries(copies) as object;
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
  const oversize = findOversize(value);
  if (oversize !== undefined) throw new InvalidInput([oversize]);
  const dto = plainToInstance<object, unknown>(metatype, escapeNames(value));
  const failures = new Failures();
  check(dto, [], failures);
  if (failures.all.length > 0) throw new InvalidInput(failures.all);
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
