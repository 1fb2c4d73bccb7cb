import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** Whether an element fulfils a rule, perhaps for what stands before it. */
type ElementCheck = (element: unknown, index: number, all: readonly unknown[]) => boolean;

interface ElementRule {
  readonly check: ElementCheck;
  readonly code: string;
  /** What of the element the rule is about; empty: all of it. */
  readonly path: readonly string[];
}

/** Rules about one element of an array, by name: the pointer of their errors names the element. */
export const elementRules = new Map<string, ElementRule>();

/**
 * A property decorator that checks one rule. The name is the error's code, the message its detail.
 * A rule about texts lets other types pass: the rule about the type speaks of those.
 */
export function rule(
  name: string,
  check: (value: unknown) => boolean,
  message: string,
): PropertyDecorator {
  return ValidateBy({ name, validator: { validate: check, defaultMessage: () => message } });
}

function elementRule(name: string, rules: ElementRule, message: string): PropertyDecorator {
  elementRules.set(name, rules);
  return rule(name, (value) => !Array.isArray(value) || value.every(rules.check), message);
}

/** The same for every element of an array. */
export const eachRule = (name: string, check: ElementCheck, message: string) =>
  elementRule(name, { check, code: name, path: [] }, message);

/** The same for a member of every element; `code` is the error's. */
export const eachMemberRule = (
  member: string,
  code: string,
  check: ElementCheck,
  message: string,
) => elementRule(`${member}/${code}`, { check, code, path: [member] }, message);

/** Makes a check of strings one that lets other types pass. */
export const ifText = (check: (text: string) => boolean) => (value: unknown) =>
  typeof value !== 'string' || check(value);

/** Length as people count, in code points: an emoji is one. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Turns digits into a number; anything else is left for the rules to refuse. */
export const Integer = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );

/** What PostgreSQL could not store as it is: NUL, and halves of surrogate pairs. */
export const isStorable = ifText((text) => text.isWellFormed() && !text.includes('\0'));
export const isNotBlank = ifText((text) => text.trim() !== '');
export const isAtMost = (limit: number) => ifText((text) => lengthOf(text) <= limit);

/** Removes white space around a text; other types are left for the rules to refuse. */
export const Trimmed = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
