/**
 * Waits for `work`, and has `cut` end it, so that it fails, when it takes longer than so many
 * milliseconds. An answer that has arrived by then is read first: the timer of a process that had no
 * time for either is late as well, and says nothing of the other side.
 */
export async function within<T>(
  milliseconds: number,
  cut: () => void,
  work: Promise<T>,
): Promise<T> {
  let late: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    late = setImmediate(cut);
  }, milliseconds);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    clearImmediate(late);
  }
}
