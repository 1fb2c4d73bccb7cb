import { describe, expect, it } from '@jest/globals';
import type { JSONWebKeySet, JWK } from 'jose';
import { KeySource } from '../issuer/key-source.js';
import { parseEnv } from '../config/env.js';
import { CachedKeySet } from './cached-key-set.js';
import { SharedSecrets } from './shared-secrets.js';
import { TokenError } from './token-error.js';
import { TokenVerifier } from './token-verifier.js';
import type { VerificationKeys } from './verification-key.js';

/** Payload of the examples in RFC 7515, A.1 to A.3, and in RFC 7519. */
const JOE =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
/** Before they expired. */
const IN_2011 = 1_300_819_000_000;

class OneKey extends KeySource {
  constructor(private readonly jwk: JWK) {
    super();
  }

  override load(): Promise<JSONWebKeySet> {
    return Promise.resolve({ keys: [this.jwk] });
  }
}

const keySet = (jwk: JWK): VerificationKeys => new CachedKeySet(new OneKey(jwk), { cooldownMs: 0 });
const secret = new SharedSecrets([
  Buffer.from(
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    'base64url',
  ),
]);
const rsa = keySet({
  kty: 'RSA',
  n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
  e: 'AQAB',
});
const p256 = keySet({
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
});
const p521 = keySet({
  kty: 'EC',
  crv: 'P-521',
  x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
  y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
});
const ed25519 = keySet({
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
});

/** With the signature verified, what is missing in a token of an RFC, or that it holds no claims. */
const NO_AUDIENCE = 'missing required "aud" claim';
const NO_CLAIMS = 'JWT Claims Set must be a top-level JSON object';

type Vector = [name: string, keys: VerificationKeys, token: string, refusal: string];
const VECTORS: Vector[] = [
  [
    'RFC 7515, A.1, and RFC 7519, 3.1 (HS256)',
    secret,
    `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${JOE}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
    NO_AUDIENCE,
  ],
  [
    'RFC 7515, A.2 (RS256)',
    rsa,
    `eyJhbGciOiJSUzI1NiJ9.${JOE}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
    NO_AUDIENCE,
  ],
  [
    'RFC 7515, A.3 (ES256)',
    p256,
    `eyJhbGciOiJFUzI1NiJ9.${JOE}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
    NO_AUDIENCE,
  ],
  [
    'RFC 7515, A.4 (ES512)',
    p521,
    'eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn',
    NO_CLAIMS,
  ],
  [
    'RFC 8037, A.4 (EdDSA)',
    ed25519,
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    NO_CLAIMS,
  ],
];

/** Why the verifier refuses, in jose's words. */
async function refusalOf(keys: VerificationKeys, token: string): Promise<string> {
  const env = parseEnv({
    AUTH_MODE: 'secret',
    BETTER_AUTH_SECRET: 'q7Wm2xV9tR4bN8cL1zK6pD3sF5gH0jYe',
    AUTH_ISSUER: 'joe',
    AUTH_AUDIENCE: 'taskward',
  });
  const verifier = new TokenVerifier(env, keys, { now: () => IN_2011 });
  const [outcome] = await Promise.allSettled([verifier.verify(token)]);
  if (outcome.status === 'fulfilled') return 'let in';
  expect(outcome.reason).toBeInstanceOf(TokenError);
  const { message, cause } = outcome.reason as TokenError;
  return cause instanceof Error ? cause.message : message;
}

/** The same with one bit of the signature, or of what is signed, turned. */
function flip(token: string, part: 1 | 2): string {
  const parts = token.split('.');
  const bytes = Buffer.from(parts[part] ?? '', 'base64url');
  bytes.writeUInt8(bytes.readUInt8(3) ^ 1, 3);
  parts[part] = bytes.toString('base64url');
  return parts.join('.');
}

describe.each(VECTORS)('the token of %s', (_, keys, token, refusal) => {
  it('has a valid signature, and is rejected for its claims', async () => {
    expect(await refusalOf(keys, token)).toBe(refusal);
  });

  it.each([1, 2] as const)(
    'is refused for its signature with a bit of part %j turned',
    async (part) => {
      expect(await refusalOf(keys, flip(token, part))).toBe('signature verification failed');
    },
  );

  it('is refused under any other key', async () => {
    const others = VECTORS.map(([, other]) => other).filter((other) => other !== keys);
    for (const other of others) expect(await refusalOf(other, token)).not.toBe(refusal);
  });
});

it('the unsecured token of RFC 7519, 6.1, is refused', async () => {
  for (const keys of [secret, rsa, ed25519]) {
    const refusal = await refusalOf(keys, `eyJhbGciOiJub25lIn0.${JOE}.`);
    expect(refusal).toBe('The algorithm of the token is not allowed.');
  }
});
