import { Reflector } from '@nestjs/core';

/** Marks a handler that sends server-sent events, which its requests may ask for by `Accept`. */
export const EventStreamRoute = Reflector.createDecorator<undefined, boolean>({
  transform: () => true,
});
