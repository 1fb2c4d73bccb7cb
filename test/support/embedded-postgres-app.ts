import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.js';

/** Messages from the app to the test that started it. */
export type AppMessage =
  { url: string } | { error: { name: string; message: string } } | { signal: 'SIGINT' };

/** The smallest app around the embedded PostgreSQL: a process of its own, so that a test may kill it. */
async function main([dataDir = '', uid, gid]: string[]): Promise<void> {
  process.umask(0o022);
  if (uid && gid) {
    // Only now: the modules have been read by whoever started this, from wherever they lie.
    process.setgroups?.([]);
    process.setgid?.(Number(gid));
    process.setuid?.(Number(uid));
  }
  process.on('SIGINT', () => process.send?.({ signal: 'SIGINT' } satisfies AppMessage));
  const postgres = await startEmbeddedPostgres({ dataDir });
  process.once('message', (request) => {
    if (request === 'exit') {
      process.exit();
    }
    void postgres.stop().then(() => {
      process.disconnect();
    });
  });
  process.send?.({ url: postgres.url } satisfies AppMessage);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  process.send?.({ error: { name, message } } satisfies AppMessage, () => {
    process.disconnect();
  });
});
