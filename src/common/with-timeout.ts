/**
 * Waits for `work`, and calls `abort`, which must make it fail, when it takes longer than `ms`.
 *
 * The timeout is decided one turn of the event loop later: in a process that was too busy to read a
 * reply, the timer is late as well and shows nothing about the other side.
 */
export async function withTimeout<T>(work: Promise<T>, ms: number, abort: () => void): Promise<T> {
  let expired: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    expired = setImmediate(abort);
  }, ms);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    clearImmediate(expired);
  }
}
