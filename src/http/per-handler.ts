import type { ExecutionContext } from '@nestjs/common';

/**
 * Returns a function that computes its result once per handler and class, of which a handler may be
 * inherited: metadata does not change, and reading it walks prototypes.
 */
export function perHandler(
  compute: (context: ExecutionContext) => boolean,
): (context: ExecutionContext) => boolean {
  const results = new WeakMap<object, Map<object, boolean>>();
  return (context) => {
    const handler = context.getHandler();
    const controller = context.getClass();
    const byClass = results.get(handler) ?? new Map<object, boolean>();
    if (!byClass.has(controller)) {
      results.set(handler, byClass.set(controller, compute(context)));
    }
    return byClass.get(controller) === true;
  };
}
