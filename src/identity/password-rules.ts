import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';

/** Shorter parts of a name or an address are ignored. */
const MIN_PART_CHARACTERS = 4;
const MIN_PASSWORD_CHARACTERS = 8;

/** Normalizes width, case and composed characters for comparison. */
const normalize = (text: string) => text.normalize('NFKC').toLowerCase();

let commonPasswordsPromise: Promise<ReadonlySet<string>> | undefined;

/** Loads the common passwords that are long enough to be allowed, on first use. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  commonPasswordsPromise ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) =>
      new Set(
        dictionary['passwords-common'].filter((word) => word.length >= MIN_PASSWORD_CHARACTERS),
      ),
  );
  return commonPasswordsPromise;
}

interface Person {
  readonly email: string;
  readonly name: string;
}

/**
 * Returns what a password must not contain: the address, its local part, the names, the product.
 */
function personalParts({ email, name }: Person): string[] {
  const parts = [email, email.split('@', 1)[0] ?? '', name, ...name.split(/\s+/), 'taskward'];
  return parts
    .map((part) => normalize(part.trim()))
    .filter((part) => part.length >= MIN_PART_CHARACTERS);
}

/** A few repeated characters, such as `abababab`. */
const REPEATED = /^(.{1,4}?)\1+.{0,3}$/su;

/** Returns whether the characters form a sequence, such as `abcdefgh` or `87654321`. */
function isSequence(text: string): boolean {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(points.slice(1).map((point, i) => point - (points[i] ?? 0)));
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}

/**
 * Rejects a password that attackers would guess among the first for any user.
 *
 * @throws APIError `PASSWORD_TOO_COMMON`
 */
async function assertUncommon(password: string): Promise<void> {
  // Shorter ones are rejected for their length.
  if (password.length < MIN_PASSWORD_CHARACTERS) return;
  const candidate = normalize(password);
  const word = candidate.trim();
  const isCommon =
    REPEATED.test(candidate) || isSequence(word) || (await commonPasswords()).has(word);
  if (!isCommon) return;
  throw new APIError('BAD_REQUEST', {
    code: 'PASSWORD_TOO_COMMON',
    message: 'The password is too common',
  });
}

/**
 * Rejects a password that contains what is publicly known about its user.
 *
 * @throws APIError `PASSWORD_TOO_PERSONAL`
 */
function assertImpersonal(password: string, person: Person): void {
  const candidate = normalize(password);
  if (!personalParts(person).some((part) => candidate.includes(part))) return;
  throw new APIError('BAD_REQUEST', {
    code: 'PASSWORD_TOO_PERSONAL',
    message: 'The password must not contain the e-mail address, the name or "taskward"',
  });
}

const stringOf = (value: unknown) => (typeof value === 'string' ? value : '');

type Context = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/**
 * Returns the user whose password a request sets; undefined where it is refused for another reason.
 */
async function personOf(context: Context): Promise<Person | undefined> {
  const body = (context.body ?? {}) as Record<string, unknown>;
  if (context.path === '/sign-up/email') {
    return { email: stringOf(body['email']), name: stringOf(body['name']) };
  }
  if (context.path === '/change-password') return (await getSessionFromCtx(context))?.user;
  const { internalAdapter } = context.context;
  const reset = await internalAdapter.findVerificationValue(
    `reset-password:${stringOf(body['token'])}`,
  );
  return (reset && (await internalAdapter.findUserById(reset.value))) ?? undefined;
}

/** Applies the rules wherever a password is chosen (NIST SP 800-63B-4, section 3.1.1.2). */
export const passwordRules = {
  id: 'taskward-password-rules',
  hooks: {
    before: [
      {
        matcher: ({ path }) =>
          path === '/sign-up/email' || path === '/change-password' || path === '/reset-password',
        handler: createAuthMiddleware(async (context) => {
          const { password, newPassword } = (context.body ?? {}) as Record<string, unknown>;
          const chosen = stringOf(context.path === '/sign-up/email' ? password : newPassword);
          if (chosen === '') return;
          const person = await personOf(context);
          if (person !== undefined) assertImpersonal(chosen, person);
          await assertUncommon(chosen);
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin;
