import { setImmediate } from 'node:timers/promises';

/** A file of 20 MB takes seconds in all; other requests are not to wait for longer than this. */
const TURN_MS = 10;

/** Iterates over elements, and lets other work of the process have its turn every few milliseconds. */
export async function* inTurns<Element>(
  elements: Iterable<Element>,
): AsyncGenerator<Element, void> {
  let begun = performance.now();
  for (const element of elements) {
    yield element;
    if (performance.now() - begun < TURN_MS) continue;
    await setImmediate();
    begun = performance.now();
  }
}
