import Bowser from 'bowser';

const MAX_LENGTH = 100;

/**
 * Returns the name of a session after the program that signed in: `Firefox on Linux`, or `curl/8.5.0`.
 *
 * @param userAgent header of RFC 9110, section 10.1.5
 */
export function nameOfSession(userAgent: string | null | undefined): string | undefined {
  if (!userAgent) return undefined;
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name && os.name) return `${browser.name} on ${os.name}`.slice(0, MAX_LENGTH);
  const [product = ''] = userAgent.split(' ');
  return product.slice(0, MAX_LENGTH);
}
