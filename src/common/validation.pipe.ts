import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
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

function isJsonObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isJsonObjectOf(metadata: ArgumentMetadata, value: unknown): value is object {
  return (metadata.type === 'body' || metadata.type === 'query') && isJsonObject(value);
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

/**
 * Validates bodies (422) and queries (400), and refuses what is not known in either. Runs after the
 * guard, so a caller without a token learns nothing about the rules.
 */
export class ProblemValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      // Rules about elements ask again which elements break them.
      validationError: { target: false, value: true },
      exceptionFactory: (errors) => new InvalidInput(errors.flatMap((error) => failuresOf(error))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // A body that could not be read arrives as the problem itself: see `body-parser.ts`.
    if (value instanceof Problem) throw value;
    if (metadata.type === 'body') {
      const { bodyIsOptional = false } = (metadata.metatype ?? {}) as OptionalBody;
      if (value === undefined && bodyIsOptional) return undefined;
      if (value === undefined) throw new Problem('invalid_json', 'The body is missing.');
      if (!isJsonObject(value)) {
        throw bodyProblem([{ path: [], code: 'type', detail: 'The body must be a JSON object.' }]);
      }
    }
    if (!isJsonObjectOf(metadata, value))
      return (await super.transform(value, metadata)) as unknown;
    try {
      return (await super.transform(escapeNames(value), metadata)) as unknown;
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const { failures } = error;
      throw metadata.type === 'query' ? queryProblem(failures) : bodyProblem(failures);
    }
  }
}
