import { setTimeout as delay } from 'node:timers/promises';

/** Polls until the condition holds; a condition that throws does not hold yet. */
export async function until(condition: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) {
      throw new Error(`not so after ${timeoutMs} ms: ${String(condition)}`);
    }
    await delay(20);
  }
}
