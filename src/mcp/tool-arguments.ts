import type { Type } from '@nestjs/common';
import { isUuid } from '../http/index.js';
import { isKey, KEY_RULE } from '../idempotency/index.js';
import { Problem } from '../problems/index.js';
import { parseIfMatch } from '../resource/index.js';
import {
  bodyProblem,
  type Failure,
  formatPath,
  InvalidInput,
  validateInput,
} from '../validation/index.js';
import type { Tool, ToolInput } from './tool.js';
import type { Place, ToolSchemas } from './tool-schemas.js';

/** Arguments of a call, as the client sent them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Arguments that have passed the rules. */
export interface ParsedArguments {
  readonly input: ToolInput<object, object>;
  readonly idempotencyKey: string | undefined;
}

const required = (name: string): Failure => ({
  path: [name],
  code: 'required',
  detail: `${name} is required`,
});

/** Rules of arguments that are no part of a DTO: those of the path and the headers in REST. */
const RULES: Partial<Record<Place, { check: (value: unknown) => boolean; failure: Failure }>> = {
  path: {
    check: isUuid,
    failure: { path: ['id'], code: 'uuid', detail: 'id must be a UUID' },
  },
  ifMatch: {
    check: (value) => typeof value === 'string',
    failure: { path: ['ifMatch'], code: 'type', detail: 'ifMatch must be a string such as "3"' },
  },
  idempotencyKey: {
    check: isKey,
    failure: {
      path: ['idempotencyKey'],
      code: 'idempotency_key',
      detail: `idempotencyKey ${KEY_RULE}`,
    },
  },
};

/** Sorts the arguments by their places, and checks each by the rules of its place. */
class ArgumentsCheck {
  readonly failures: Failure[] = [];
  readonly #values: Record<Place, Record<string, unknown>> = {
    path: {},
    query: {},
    body: {},
    ifMatch: {},
    idempotencyKey: {},
  };

  constructor(tool: Tool, { places, input }: ToolSchemas, args: Arguments) {
    for (const [name, value] of Object.entries({ ...tool.defaults, ...args })) {
      const place = places.get(name);
      if (place === undefined) {
        const path = [name];
        const detail = `${formatPath(path)} is not recognized`;
        this.failures.push({ path, code: 'unknown', detail });
      } else this.#add(place, name, value);
    }
    for (const name of (input['required'] as string[] | undefined) ?? []) {
      // The rules of a body name what it lacks.
      if (places.get(name) !== 'body' && !Object.hasOwn(args, name)) {
        this.failures.push(required(name));
      }
    }
  }

  /** Returns one argument; undefined if it was not sent, or breaks its rule. */
  one(place: 'path' | 'ifMatch' | 'idempotencyKey'): string | undefined {
    return Object.values(this.#values[place])[0] as string | undefined;
  }

  /** Returns an instance of the class, and collects the rules that it breaks. */
  instanceOf(place: 'query' | 'body', type: Type<object> | undefined): object {
    if (type === undefined) return {};
    try {
      return validateInput(this.#values[place], type);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      this.failures.push(...error.failures);
      return {};
    }
  }

  #add(place: Place, name: string, value: unknown): void {
    const rule = RULES[place];
    if (rule?.check(value) === false) this.failures.push(rule.failure);
    // In a query, validation takes null for a parameter that was not sent.
    else if (place === 'query' && value === null) {
      this.failures.push({ path: [name], code: 'type', detail: `${name} must not be null` });
    } else this.#values[place][name] = value;
  }
}

/**
 * Checks the arguments of a call by the rules of REST, those of the same DTOs.
 *
 * @throws Problem `validation_failed` with every broken rule, or `invalid_header` if `ifMatch` names
 *   no version.
 */
export function parseArguments(tool: Tool, schemas: ToolSchemas, args: Arguments): ParsedArguments {
  const check = new ArgumentsCheck(tool, schemas, args);
  const query = check.instanceOf('query', tool.query);
  const body = check.instanceOf('body', tool.body);
  if (check.failures.length > 0) {
    const { errors } = bodyProblem(check.failures);
    const detail = 'The arguments are invalid; see "errors".';
    throw new Problem('validation_failed', detail, { errors });
  }
  const precondition = { ifMatch: parseIfMatch(check.one('ifMatch')) };
  const id = check.one('path')?.toLowerCase() ?? '';
  return {
    input: { id, query, body, precondition },
    idempotencyKey: check.one('idempotencyKey'),
  };
}
