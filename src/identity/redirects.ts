import { Problem } from '../problems/index.js';
import type { Env } from '../config/index.js';
import { trustedOrigins } from './trusted-origins.js';

/** Members and parameters in which Better Auth takes the page to go on to. */
const TARGETS = ['callbackURL', 'redirectTo', 'errorCallbackURL', 'newUserCallbackURL'];

/** Control characters, blanks and backslashes: browsers drop them, or take them for slashes. */
const AMBIGUOUS = /[\u0000-\u0020\u007f-\u00a0\\]/;
/** A path of this origin, or a URL with its host. */
const FORM = /^(\/(?!\/)|https?:\/\/[^/])/i;
/** Slashes that a decoder on the way may turn into real ones. */
const ENCODED_SEPARATOR = /%2f|%5c/i;

const DETAIL = 'must be a path of this origin, or a URL of a trusted one';

/**
 * Decides where a browser may be sent: to this origin and to trusted ones. It parses as browsers do
 * (https://url.spec.whatwg.org) and refuses what two readers could understand in two ways, such as
 * `/.//host`, whose path by itself names another host.
 */
export class Redirects {
  readonly #origin: string;
  readonly #trusted: readonly string[];

  constructor(env: Env) {
    this.#origin = env.origin;
    this.#trusted = trustedOrigins(env);
  }

  isTrusted(target: string): boolean {
    if (AMBIGUOUS.test(target) || !FORM.test(target)) return false;
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
   * The gate on the way in.
   *
   * @throws Problem when a parameter or a member of the body names another host.
   */
  assertTrusted(query: URLSearchParams, body: unknown): void {
    for (const name of TARGETS) {
      if (query.getAll(name).every((target) => this.#isNone(target))) continue;
      throw new Problem('invalid_parameter', `${name} ${DETAIL}.`, {
        errors: [{ parameter: name, code: 'redirect', detail: DETAIL }],
      });
    }
    if (typeof body !== 'object' || body === null) return;
    for (const [name, target] of Object.entries(body)) {
      if (!TARGETS.includes(name) || typeof target !== 'string' || this.#isNone(target)) continue;
      throw new Problem('validation_failed', `${name} ${DETAIL}.`, {
        errors: [{ pointer: `/${name}`, code: 'redirect', detail: DETAIL }],
      });
    }
  }

  /**
   * The gate on the way out.
   *
   * @throws Problem when the `Location` of a response leads to another host.
   */
  assertStays({ headers }: Response): void {
    const location = headers.get('location');
    if (location === null || this.isTrusted(location)) return;
    throw new Problem('redirect_refused', `The page to go on to ${DETAIL}.`);
  }

  #isNone(target: string): boolean {
    return target === '' || this.isTrusted(target);
  }
}
