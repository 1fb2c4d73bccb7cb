interface Claims {
  readonly sub?: string;
  readonly iat?: number;
  readonly exp?: number;
}

/** Reads the claims of a JWT without verifying it; none if it is another kind of token. */
export function unverifiedClaims(token: string): Claims {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
  } catch {
    return {};
  }
}
