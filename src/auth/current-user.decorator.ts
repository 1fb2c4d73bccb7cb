import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedUser } from './authenticated-user.js';

/**
 * Parameter decorator with the authenticated user.
 *
 * @example list(@CurrentUser() user: AuthenticatedUser) { return this.tasks.list(user); }
 */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { user } = context.switchToHttp().getRequest<{ user?: AuthenticatedUser }>();
  if (user === undefined) throw new Error('@CurrentUser() was used in a @Public() handler.');
  return user;
});
