import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationArguments } from 'class-validator';

/** Returns whether an element satisfies a rule, given the whole array. */
type ElementCheck = (element: unknown, index: number, all: readonly unknown[]) => boolean;

interface ElementRule {
  readonly check: ElementCheck;
  readonly code: string;
  /** Member of the element that the rule applies to; empty for the element itself. */
  readonly path: readonly string[];
}

/** Rules about array elements, by name: their errors point at the element. */
export const elementRules = new Map<string, ElementRule>();

/**
 * Declares a rule: `name` is the code of its error, `message` the detail, or returns the detail for a
 * value. Rules about strings accept other types, which the rule about the type rejects.
 */
export function rule(
  name: string,
  check: (value: unknown) => boolean,
  message: string | ((value: unknown) => string),
): PropertyDecorator {
  const defaultMessage = (args?: ValidationArguments) =>
    typeof message === 'string' ? message : message(args?.value);
  return ValidateBy({ name, validator: { validate: check, defaultMessage } });
}

function elementRule(name: string, rules: ElementRule, message: string): PropertyDecorator {
  elementRules.set(name, rules);
  return rule(name, (value) => !Array.isArray(value) || value.every(rules.check), message);
}

/** Declares a rule for every element of an array. */
export const eachRule = (name: string, check: ElementCheck, message: string) =>
  elementRule(name, { check, code: name, path: [] }, message);

/** Declares a rule for a member of every element, with `code` as the code of its error. */
export const eachMemberRule = (
  member: string,
  code: string,
  check: ElementCheck,
  message: string,
) => elementRule(`${member}/${code}`, { check, code, path: [member] }, message);

/** Makes a check of strings accept all other types. */
export const ifString = (check: (value: string) => boolean) => (value: unknown) =>
  typeof value !== 'string' || check(value);

/** Returns the length in code points, in which most emoji count as one. */
function codePointLength(value: string): number {
  let length = 0;
  for (const _ of value) length += 1;
  return length;
}

/**
 * Returns whether PostgreSQL can store a string unchanged: without NUL characters and lone
 * surrogates.
 */
export const isStorable = ifString((value) => value.isWellFormed() && !value.includes('\0'));
export const isNotBlank = ifString((value) => value.trim() !== '');
export const hasMaxLength = (limit: number) => ifString((value) => codePointLength(value) <= limit);

/** Trims a string; leaves other types to be rejected by the rules. */
export const Trimmed = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** Converts a string to lower case; leaves other types to be rejected by the rules. */
export const LowerCased = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.toLowerCase() : value,
  );
