import type { Failure, FailureKey } from './failure';

const MIN_PASSWORD_CHARACTERS = 8;
const MAX_PASSWORD_CHARACTERS = 128;
const MAX_NAME_CHARACTERS = 255;
/** Shorter parts of a name or an address may be in a password. */
const MIN_PART_CHARACTERS = 4;

export interface Person {
  readonly name: string;
  readonly email: string;
}

export const PASSWORD_RULES = ['length', 'uncommon', 'impersonal'] as const;
type PasswordRule = (typeof PASSWORD_RULES)[number];

/** State of each rule: undefined while it cannot be told yet. */
export type RuleStates = Readonly<Record<PasswordRule, boolean | undefined>>;

const normalize = (text: string) => text.normalize('NFKC').toLowerCase();

/** A few repeated characters, such as `abababab`. */
const REPEATED = /^(.{1,4}?)\1+.{0,3}$/su;

/** Returns whether the characters form a sequence, such as `abcdefgh` or `87654321`. */
function isSequence(text: string): boolean {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(points.slice(1).map((point, i) => point - (points[i] ?? 0)));
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}

function isImpersonal(password: string, { name, email }: Person): boolean {
  const candidate = normalize(password);
  return [email, email.split('@', 1)[0] ?? '', name, ...name.split(/\s+/), 'taskward']
    .map((part) => normalize(part.trim()))
    .every((part) => part.length < MIN_PART_CHARACTERS || !candidate.includes(part));
}

/**
 * Checks a new password by the server's rules.
 *
 * @param common the common passwords; undefined while they are loading
 */
export function checkPassword(
  password: string,
  person: Person,
  common: ReadonlySet<string> | undefined,
): RuleStates {
  if (password === '') return { length: undefined, uncommon: undefined, impersonal: undefined };
  const candidate = normalize(password);
  const isPattern = REPEATED.test(candidate) || isSequence(candidate.trim());
  return {
    length:
      password.length >= MIN_PASSWORD_CHARACTERS && password.length <= MAX_PASSWORD_CHARACTERS,
    uncommon: isPattern ? false : common && !common.has(candidate.trim()),
    impersonal: isImpersonal(password, person),
  };
}

/** Returns why a new password would be refused, as far as it is known. */
export function passwordFailure(password: string, states: RuleStates): FailureKey | undefined {
  if (password.length > MAX_PASSWORD_CHARACTERS) return 'passwordTooLong';
  if (password.length < MIN_PASSWORD_CHARACTERS) return 'passwordTooShort';
  if (states.uncommon === false) return 'passwordTooCommon';
  return states.impersonal === false ? 'passwordTooPersonal' : undefined;
}

export function nameFailure(name: string): FailureKey | undefined {
  const { length } = Array.from(name.trim());
  if (length === 0) return 'required';
  return length > MAX_NAME_CHARACTERS ? 'tooLong' : undefined;
}

/** Returns whether a text has the form of an address; the server has the last word. */
export const emailFailure = (email: string): FailureKey | undefined =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? undefined : 'invalidEmail';

/** Returns the failures of fields, or undefined if there is none. */
export function failureOfFields(
  found: Readonly<Record<string, FailureKey | undefined>>,
): Failure | undefined {
  const fields = Object.entries(found).filter(([, key]) => key !== undefined);
  return fields.length > 0 ? { fields: Object.fromEntries(fields) } : undefined;
}
