/**
 * Milliseconds on the processor while `work` is done, here and in the app of this process: unlike the
 * clock's they do not tell of what else the machine does.
 */
export async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
