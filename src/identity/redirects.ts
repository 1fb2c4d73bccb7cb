import { Problem } from '../problems/index.js';
import type { Env } from '../config/index.js';
import { trustedOrigins } from './trusted-origins.js';

/** Members and parameters that name a page to redirect to. */
const REDIRECT_PARAMETERS = ['callbackURL', 'redirectTo', 'errorCallbackURL', 'newUserCallbackURL'];

/** Control characters, spaces and backslashes: browsers remove them, or treat them as slashes. */
const AMBIGUOUS_CHARACTERS = /[\u0000-\u0020\u007f-\u00a0\\]/;
/** A path on this origin, or a URL with a host. */
const ALLOWED_FORM = /^(\/(?!\/)|https?:\/\/[^/])/i;
/** Encoded slashes, which an intermediary may decode. */
const ENCODED_SEPARATOR = /%2f|%5c/i;

const DETAIL = 'must be a path on this origin, or a URL of a trusted one';

/**
 * Decides where a browser may be redirected: to this origin and trusted ones. It parses as browsers
 * do (https://url.spec.whatwg.org) and rejects what two parsers could read differently, such as
 * `/.//host`, whose path alone names another host.
 */
export class Redirects {
  readonly #origin: string;
  readonly #trusted: readonly string[];

  constructor(env: Env) {
    this.#origin = env.origin;
    this.#trusted = trustedOrigins(env);
  }

  isTrusted(target: string): boolean {
    if (AMBIGUOUS_CHARACTERS.test(target) || !ALLOWED_FORM.test(target)) return false;
    const url = URL.parse(target, this.#origin);
    return (
      url !== null &&
      this.#trusted.includes(url.origin) &&
      url.username === '' &&
      url.password === '' &&
      !url.pathname.startsWith('//') &&
      !ENCODED_SEPARATOR.test(url.pathname)
    );
  }

  /**
   * Checks the targets that a request names.
   *
   * @throws Problem when a parameter or a body member names another host.
   */
  assertTrusted(query: URLSearchParams, body: unknown): void {
    for (const name of REDIRECT_PARAMETERS) {
      if (query.getAll(name).every((target) => this.#isEmptyOrTrusted(target))) continue;
      throw new Problem('invalid_parameter', `${name} ${DETAIL}.`, {
        errors: [{ parameter: name, code: 'redirect', detail: DETAIL }],
      });
    }
    if (typeof body !== 'object' || body === null) return;
    for (const [name, target] of Object.entries(body)) {
      if (
        !REDIRECT_PARAMETERS.includes(name) ||
        typeof target !== 'string' ||
        this.#isEmptyOrTrusted(target)
      )
        continue;
      throw new Problem('validation_failed', `${name} ${DETAIL}.`, {
        errors: [{ pointer: `/${name}`, code: 'redirect', detail: DETAIL }],
      });
    }
  }

  /**
   * Checks the redirect that Better Auth responds with.
   *
   * @throws Problem when its `Location` leads to another host.
   */
  assertTrustedLocation({ headers }: Response): void {
    const location = headers.get('location');
    if (location === null || this.isTrusted(location)) return;
    throw new Problem('redirect_refused', `The redirect target ${DETAIL}.`);
  }

  #isEmptyOrTrusted(target: string): boolean {
    return target === '' || this.isTrusted(target);
  }
}
