import { Reflector } from '@nestjs/core';

/**
 * Closes a controller, or a handler, to personal tokens: a leaked one must not make others, or outlive
 * its revocation in any other form.
 */
export const RefusesPersonalTokens = Reflector.createDecorator<undefined, boolean>({
  transform: () => true,
});
