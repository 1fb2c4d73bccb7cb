import { NOT_BLANK } from '../openapi/index.js';

export type Schema = Readonly<Record<string, unknown>>;

export const string = (example: string, extra: Schema = {}): Schema => ({
  type: 'string',
  example,
  ...extra,
});
const object = (
  description: string,
  properties: Record<string, Schema>,
  required = Object.keys(properties),
) => ({ type: 'object', description, properties, required });

const REF = '#/components/schemas/';
const USER = { $ref: `${REF}User` };
const NULL = { type: 'null' };
const flag = (example: boolean, description: string) => ({ type: 'boolean', example, description });
const time = (example: string) => string(example, { format: 'date-time' });

const EMAIL = string('ada@example.com', { format: 'email' });
/** An existing password, of any length. */
const PASSWORD = string('correct horse battery', { format: 'password' });
const newPassword = (example: string) =>
  string(example, { format: 'password', minLength: 8, maxLength: 128 });
const NEW_PASSWORD = newPassword('another horse battery');
const NAME = string('Ada', {
  minLength: 1,
  maxLength: 255,
  pattern: NOT_BLANK,
  description: 'Trimmed.',
});
const IMAGE: Schema = {
  type: ['string', 'null'],
  format: 'uri',
  maxLength: 2048,
  pattern: '^[Hh][Tt][Tt][Pp][Ss]:',
  examples: ['https://example.com/ada.png'],
  description: 'An https URL, or null.',
};
/** Optional, hence `examples`: Swagger UI prefills its form with an `example`. */
export const REDIRECT_TARGET: Schema = {
  type: 'string',
  examples: ['/'],
  description: 'The page that the link in the mail finally leads to, on a trusted origin.',
};
const SESSION_TOKEN = '7b44T7mpJT1PM5cIjJ6y2Qivb9AJzv3A';
export const RESET_TOKEN = string('cmFuZG9tIHRva2VuIG9mIG1h');
const USER_ID = 'kQ0v3mYt8nHsB1xZ';
const TOKEN = string(SESSION_TOKEN, {
  description: 'The session token, as in the cookie. Not a bearer token.',
});

const BODIES = {
  SignUp: object(
    'A new account.',
    { name: NAME, email: EMAIL, password: newPassword('correct horse battery'), image: IMAGE },
    ['name', 'email', 'password'],
  ),
  SignIn: object('Credentials.', { email: EMAIL, password: PASSWORD }),
  UpdateUser: object('Members of the account to change.', { name: NAME, image: IMAGE }, []),
  DeleteAccount: object('The password, as a confirmation.', { password: PASSWORD }),
  EndSession: object('One of your sessions.', {
    token: string(SESSION_TOKEN, { description: '`token` of the session.' }),
  }),
  ChangePassword: object('The old password and the new one.', {
    currentPassword: PASSWORD,
    newPassword: NEW_PASSWORD,
  }),
  RequestPasswordReset: object(
    'The address of an account.',
    { email: EMAIL, redirectTo: REDIRECT_TARGET },
    ['email'],
  ),
  ResetPassword: object('The token from the mail, and a new password.', {
    token: RESET_TOKEN,
    newPassword: NEW_PASSWORD,
  }),
  SendVerificationMail: object(
    'The address of an account.',
    { email: EMAIL, callbackURL: REDIRECT_TARGET },
    ['email'],
  ),
  EmptyObject: object('An empty object, which can be omitted.', {}),
};

const RESPONSES = {
  User: object('A user of the embedded issuer.', {
    id: string(USER_ID, { description: '`sub` of bearer tokens.' }),
    name: string('Ada'),
    email: EMAIL,
    emailVerified: flag(false, 'Whether the link in a mail to the address has been opened.'),
    image: { type: ['string', 'null'], example: null, description: 'An https URL, or null.' },
    createdAt: time('2026-11-20T17:29:00.000Z'),
    updatedAt: time('2026-11-20T17:29:00.000Z'),
  }),
  Session: object('A sign-in that has not ended.', {
    id: string('42TPmeYV56s9z9mrVKO36utWxRwoJUsw', { description: '`sid` of its bearer tokens.' }),
    token: string(SESSION_TOKEN, {
      description: 'Identifies the session when ending it. Neither a cookie nor a bearer token.',
    }),
    userId: string(USER_ID),
    ipAddress: { type: ['string', 'null'], example: '203.0.113.7' },
    userAgent: { type: ['string', 'null'], example: 'Mozilla/5.0' },
    createdAt: time('2026-11-20T17:29:00.000Z'),
    updatedAt: time('2026-11-20T17:29:00.000Z'),
    expiresAt: time('2026-11-27T17:29:00.000Z'),
  }),
  SignedUp: object('The new account.', {
    token: { ...TOKEN, type: ['string', 'null'] },
    user: USER,
  }),
  SignedIn: object(
    'The new session and its user.',
    {
      redirect: flag(false, 'Whether the body named a `callbackURL`.'),
      token: TOKEN,
      url: { type: 'string', examples: ['/'], description: 'The `callbackURL`, if any.' },
      user: USER,
    },
    ['redirect', 'token', 'user'],
  ),
  PasswordChanged: object('The session that replaces all others, and its user.', {
    token: TOKEN,
    user: USER,
  }),
  CurrentSession: object('The session of the cookie and its user.', {
    session: { $ref: `${REF}Session` },
    user: USER,
  }),
  AccessToken: object('A bearer token.', { token: string('eyJhbGciOiJFZERTQSJ9…') }),
  PublicKey: object('A JSON Web Key (RFC 8037) that verifies tokens.', {
    kid: string('0198c0de-0000-4000-8000-000000000000'),
    alg: string('EdDSA'),
    kty: string('OKP'),
    crv: string('Ed25519'),
    x: string('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'),
  }),
  PublicKeySet: object('A JSON Web Key Set (RFC 7517).', {
    keys: { type: 'array', items: { $ref: `${REF}PublicKey` } },
  }),
  SignedOut: object('The end of a session.', { success: flag(true, 'Always true.') }),
  AccountDeleted: object('The end of an account.', {
    success: flag(true, 'Always true.'),
    message: string('User deleted'),
  }),
  Done: object('Success.', { status: flag(true, 'Always true.') }),
  MailRequested: object('Success, whether or not the address has an account.', {
    status: flag(true, 'Always true.'),
    message: string('If this email exists in our system, check your email for the reset link'),
  }),
  AddressVerified: object('Success.', {
    status: flag(true, 'Always true.'),
    user: { anyOf: [USER, NULL], example: null, description: 'Always null.' },
  }),
  AuthError: object(
    'An error from Better Auth. New codes may be added.',
    {
      code: { type: 'string', description: 'Stable, for clients to switch on.' },
      message: { type: 'string' },
    },
    ['message'],
  ),
};

/** Account schemas by their names in the document. */
export const SCHEMAS = { ...BODIES, ...RESPONSES };

export type BodyName = keyof typeof BODIES;

export const reference = (name: keyof typeof SCHEMAS) => ({ $ref: REF + name });
