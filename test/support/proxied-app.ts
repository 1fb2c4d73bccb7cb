import { startApp, type TestApp, useStarted } from './app.js';
import { createDatabase } from './database.js';
import { DatabaseProxy } from './tcp-proxy.js';

/** A Taskward with a proxy between it and its database; `close` ends both. */
export interface ProxiedApp extends TestApp {
  readonly proxy: DatabaseProxy;
}

/** Starts the API on a database of its own, by way of a proxy. */
export async function startProxiedApp(variables: Record<string, string> = {}): Promise<ProxiedApp> {
  const proxy = new DatabaseProxy(await createDatabase());
  const app = await startApp(
    { ...variables, DATABASE_URL: await proxy.start() },
    { isDirect: true },
  );
  const close = async () => {
    await app.close();
    await proxy.stop();
  };
  return { ...app, proxy, close };
}

/** Starts a proxied app for all tests of the file, or of the describe(), that calls it. */
export function useProxiedApp(variables: Record<string, string> = {}): ProxiedApp {
  const started = useStarted(() => startProxiedApp(variables));
  return {
    get url() {
      return started().url;
    },
    get databaseUrl() {
      return started().databaseUrl;
    },
    get nest() {
      return started().nest;
    },
    get proxy() {
      return started().proxy;
    },
    close: () => started().close(),
  };
}
