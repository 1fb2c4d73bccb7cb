import { Reflector } from '@nestjs/core';

/** Media types that a handler sends beside JSON, which its requests may ask for by `Accept`. */
export const Produces = Reflector.createDecorator<readonly string[], readonly string[] | undefined>(
  { transform: (types) => types },
);
