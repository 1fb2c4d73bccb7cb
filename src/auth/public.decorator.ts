import { Reflector } from '@nestjs/core';

/**
 * Opens a handler, or a whole controller, to callers without a token. Everything else is closed.
 */
export const Public = Reflector.createDecorator<undefined, boolean>({ transform: () => true });
