import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { Problem, type ProblemError } from './problem.js';
import { elementRules } from './validators.js';

class InvalidInput extends Error {
  constructor(readonly failures: readonly ValidationError[]) {
    super('invalid input');
  }
}

type Failure = Pick<ProblemError, 'code' | 'detail'> & { readonly path: readonly string[] };

const unknownName = (name: string): Failure => ({
  path: [name],
  code: 'unknown',
  detail: `${name} is not known here`,
});

/** One failure a broken rule; a rule about elements names each element that breaks it. */
function failuresOf({ property, value, constraints = {} }: ValidationError): Failure[] {
  return Object.entries(constraints).flatMap(([name, message]): Failure[] => {
    if (name === 'whitelistValidation') {
      return [unknownName(property)];
    }
    const check = elementRules.get(name);
    const failure = { path: [property], code: name, detail: `${property} ${message}` };
    if (check === undefined || !Array.isArray(value)) return [failure];
    return value.flatMap((element: unknown, index) => {
      const path = [property, String(index)];
      return check(element) ? [] : [{ ...failure, path, detail: `${path.join('/')} ${message}` }];
    });
  });
}

/** RFC 6901: `~` and `/` inside a name are escaped. */
function pointerOf(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function bodyProblem(failures: readonly Failure[]): Problem {
  return new Problem('validation_failed', 'The body breaks the rules listed in "errors".', {
    errors: failures.map(({ path, code, detail }) => ({ pointer: pointerOf(path), code, detail })),
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

/**
 * Names that would not be refused: class-validator keeps its rules in a plain object, and so finds
 * `constructor` among the known ones, and Nest drops `prototype` in silence.
 */
function specialNames(value: object): string[] {
  return Object.keys(value).filter((name) => name in Object.prototype || name === 'prototype');
}

function withoutNames(value: object, names: readonly string[]): object {
  if (names.length === 0) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
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
      exceptionFactory: (failures) => new InvalidInput(failures),
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
    const special = specialNames(value);
    const failures = special.map(unknownName);
    try {
      const valid: unknown = await super.transform(withoutNames(value, special), metadata);
      if (failures.length === 0) return valid;
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      failures.push(...error.failures.flatMap(failuresOf));
    }
    throw metadata.type === 'query' ? queryProblem(failures) : bodyProblem(failures);
  }
}
