import { Reflector } from '@nestjs/core';

/**
 * Opens a POST to tokens of every scope: the handler decides by what is asked for, and calls
 * `assertScope`. Its challenges name the metadata of RFC 9728.
 */
export const ChecksScopes = Reflector.createDecorator<undefined, boolean>({
  transform: () => true,
});
