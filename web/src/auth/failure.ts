import type { en } from '../i18n/en';

export type FieldName = 'name' | 'email' | 'password' | 'newPassword' | 'token';
export type FailureKey = keyof typeof en.auth.failures;

/** The reason why a form was refused: by field, or of the whole form. */
export interface Failure {
  readonly fields?: Partial<Record<FieldName, FailureKey | undefined>>;
  readonly form?: FailureKey;
}

/** Error of Better Auth's client: of Better Auth, or a problem of Taskward. */
export interface AuthError {
  readonly status: number;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly errors?: readonly { readonly pointer?: string; readonly code: string }[] | undefined;
}

/** Codes that concern one field of any form in which they occur. */
const FIELD_OF: Readonly<Record<string, FieldName>> = {
  INVALID_EMAIL: 'email',
  USER_ALREADY_EXISTS: 'email',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'email',
  PASSWORD_TOO_SHORT: 'newPassword',
  PASSWORD_TOO_LONG: 'newPassword',
  PASSWORD_TOO_COMMON: 'newPassword',
  PASSWORD_TOO_PERSONAL: 'newPassword',
  INVALID_PASSWORD: 'password',
  PASSWORD_REQUIRED: 'password',
  TOKEN_REFUSED: 'token',
  TOKEN_OF_OTHER: 'token',
};

const KEY_OF: Readonly<Record<string, FailureKey>> = {
  INVALID_EMAIL: 'invalidEmail',
  USER_ALREADY_EXISTS: 'emailTaken',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'emailTaken',
  PASSWORD_TOO_SHORT: 'passwordTooShort',
  PASSWORD_TOO_LONG: 'passwordTooLong',
  PASSWORD_TOO_COMMON: 'passwordTooCommon',
  PASSWORD_TOO_PERSONAL: 'passwordTooPersonal',
  INVALID_PASSWORD: 'wrongPassword',
  PASSWORD_REQUIRED: 'wrongPassword',
  INVALID_EMAIL_OR_PASSWORD: 'wrongCredentials',
  INVALID_TOKEN: 'linkInvalid',
  RESET_PASSWORD_DISABLED: 'noMail',
  VERIFICATION_EMAIL_NOT_ENABLED: 'noMail',
  SESSION_NOT_FRESH: 'notFresh',
  TOKEN_REFUSED: 'tokenRefused',
  TOKEN_OF_OTHER: 'tokenOfOther',
  // Codes of the rules for names.
  too_short: 'required',
  too_long: 'tooLong',
  required: 'required',
};

const FIELDS: ReadonlySet<string> = new Set<FieldName>([
  'name',
  'email',
  'password',
  'newPassword',
]);
const isField = (name: string | undefined): name is FieldName => FIELDS.has(name ?? '');

/** Returns the field that a message of Better Auth's own validation begins with: `[body.email] …`. */
const fieldOfMessage = (message = ''): string | undefined => /^\[body\.(\w+)\]/.exec(message)?.[1];

function fieldsOfProblem({ errors = [] }: AuthError): Failure['fields'] {
  const fields: Failure['fields'] = {};
  for (const { pointer, code } of errors) {
    const name = pointer?.slice(1);
    if (isField(name)) fields[name] = KEY_OF[code] ?? 'invalid';
  }
  return Object.keys(fields).length > 0 ? fields : undefined;
}

/** Maps an error to the field that it concerns, if it does. */
export function failureOf(error: AuthError): Failure {
  const fields = fieldsOfProblem(error);
  if (fields) return { fields };
  const { code = '', status } = error;
  const key = KEY_OF[code];
  const field = FIELD_OF[code];
  if (key && field) return { fields: { [field]: key } };
  if (key) return { form: key };
  const named = fieldOfMessage(error.message);
  if (isField(named))
    return { fields: { [named]: named === 'email' ? 'invalidEmail' : 'invalid' } };
  if (status === 429) return { form: 'tooManyAttempts' };
  return { form: status === 0 || status >= 500 ? 'unavailable' : 'unexpected' };
}
