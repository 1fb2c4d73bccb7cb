import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidatorOptions } from 'class-validator';
import { type Failure, formatPath, MAX_ERRORS } from './input-failures.js';
import { findOversize } from './input-size.js';
import { isPlaceholder, nestedPropertiesOf } from './nested.js';
import { elementRules } from './validators.js';

const OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: false,
  // Rules about elements are checked again, to find the elements that break them.
  validationError: { target: false, value: true },
};

/** Prefix of names that the libraries would not reject; see `escapeNames`. */
const ESCAPE = '\0';

/** Input that breaks its rules. */
export class InvalidInput extends Error {
  constructor(readonly failures: readonly Failure[]) {
    super('invalid input');
  }
}

/** Collects as many failures as one problem lists. */
class Failures {
  readonly list: Failure[] = [];

  get isFull(): boolean {
    return this.list.length >= MAX_ERRORS;
  }

  add(path: readonly string[], code: string, message: string): void {
    if (!this.isFull) this.list.push({ path, code, detail: `${formatPath(path)} ${message}` });
  }

  /** Adds a broken rule; a rule about elements adds each element that breaks it. */
  addRule(name: string, message: string, path: readonly string[], value: unknown): void {
    if (name === 'whitelistValidation') {
      this.add(path, 'unknown', 'is not recognized');
      return;
    }
    const rule = elementRules.get(name);
    if (rule === undefined || !Array.isArray(value)) {
      this.add(path, name, message);
      return;
    }
    for (const [index, element] of value.entries()) {
      if (this.isFull) return;
      if (rule.check(element, index, value)) continue;
      this.add([...path, String(index), ...rule.path], rule.code, message);
    }
  }
}

/** Checks an object against the rules of its class, and then its nested objects, until full. */
function check(object: object, path: readonly string[], failures: Failures): void {
  const nested = new Set(nestedPropertiesOf(object));
  const descend = (property: string): void => {
    if (nested.delete(property))
      checkNested(Reflect.get(object, property), [...path, property], failures);
  };
  for (const { property, constraints = {}, value } of validateSync(object, OPTIONS)) {
    const name = property.startsWith(ESCAPE) ? property.slice(1) : property;
    for (const [rule, message] of Object.entries(constraints)) {
      failures.addRule(rule, message, [...path, name], value);
    }
    descend(property);
  }
  for (const property of nested) descend(property);
}

function checkNested(value: unknown, path: readonly string[], failures: Failures): void {
  // A null is left only where it is allowed.
  if ((value ?? null) === null || isPlaceholder(value) || failures.isFull) return;
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      checkNested(element, [...path, String(index)], failures);
    }
  } else if (typeof value === 'object' && value !== null) check(value, path, failures);
  else failures.add(path, 'type', 'must be an object');
}

const isInherited = (name: string) => name in Object.prototype || name === 'prototype';

/**
 * Copies a value with the names of `Object.prototype` escaped, so that they are rejected as unknown.
 * class-validator keeps its rules in a plain object and so finds `constructor` among them,
 * class-transformer would call what it finds there, and Nest drops `prototype` silently.
 */
function escapeNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(escapeNames);
  const entries = Object.entries(value).map(([name, inner]: [string, unknown]) => [
    isInherited(name) ? ESCAPE + name : name,
    escapeNames(inner),
  ]);
  return Object.fromEntries(entries) as object;
}

/**
 * Converts a value to an instance of `metatype` and checks its rules.
 *
 * @throws InvalidInput
 */
export function validateInput(value: object, metatype: Type<object>): object {
  const oversize = findOversize(value);
  if (oversize !== undefined) throw new InvalidInput([oversize]);
  const dto = plainToInstance<object, unknown>(metatype, escapeNames(value));
  const failures = new Failures();
  check(dto, [], failures);
  if (failures.list.length > 0) throw new InvalidInput(failures.list);
  return dto;
}
