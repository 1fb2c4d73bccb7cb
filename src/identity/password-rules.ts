import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';

/** A part of a name or an address that is shorter than this says nothing. */
const MIN_PART_CHARACTERS = 4;
const MIN_PASSWORD_CHARACTERS = 8;

/** One spelling for comparison: of width, of case, of composed characters. */
const folded = (text: string) => text.normalize('NFKC').toLowerCase();

let common: Promise<ReadonlySet<string>> | undefined;

/** The common passwords that are long enough to be allowed; read when the first one is chosen. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) =>
      new Set(
        dictionary['passwords-common'].filter((word) => word.length >= MIN_PASSWORD_CHARACTERS),
      ),
  );
  return common;
}

interface Person {
  readonly email: string;
  readonly name: string;
}

/** Returns what a password may not contain: the address, its local part, the names, the product. */
function partsOf({ email, name }: Person): string[] {
  const parts = [email, email.split('@', 1)[0] ?? '', name, ...name.split(/\s+/), 'taskward'];
  return parts
    .map((part) => folded(part.trim()))
    .filter((part) => part.length >= MIN_PART_CHARACTERS);
}

/** A few characters over and over, such as `abababab`. */
const REPEATED = /^(.{1,4}?)\1+.{0,3}$/su;

/** Whether each character is the next one, or the one before, such as `abcdefgh` and `87654321`. */
function isRun(text: string): boolean {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(points.slice(1).map((point, i) => point - (points[i] ?? 0)));
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}

/**
 * Refuses a password that is guessed first, whosever it is.
 *
 * @throws APIError `PASSWORD_TOO_COMMON`
 */
async function assertUncommon(password: string): Promise<void> {
  // A shorter one is refused for that.
  if (password.length < MIN_PASSWORD_CHARACTERS) return;
  const candidate = folded(password);
  const word = candidate.trim();
  const isCommon = REPEATED.test(candidate) || isRun(word) || (await commonPasswords()).has(word);
  if (!isCommon) return;
  throw new APIError('BAD_REQUEST', {
    code: 'PASSWORD_TOO_COMMON',
    message: 'The password is one of those that are guessed first',
  });
}

/**
 * Refuses a password that holds what everybody knows of its person.
 *
 * @throws APIError `PASSWORD_TOO_PERSONAL`
 */
function assertImpersonal(password: string, person: Person): void {
  const candidate = folded(password);
  if (!partsOf(person).some((part) => candidate.includes(part))) return;
  throw new APIError('BAD_REQUEST', {
    code: 'PASSWORD_TOO_PERSONAL',
    message: 'The password must not contain the address, the name or "taskward"',
  });
}

const stringOf = (value: unknown) => (typeof value === 'string' ? value : '');

type Context = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** Returns whose password a request sets; undefined where the request is refused for something else. */
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

/** Holds the rules wherever a password is chosen: NIST SP 800-63B-4, section 3.1.1.2. */
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
