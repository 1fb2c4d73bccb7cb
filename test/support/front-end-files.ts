import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Makes Node resolve `@/lib/auth` in a folder, as Next.js does in the projects that it creates. */
export function resolveFrom(folder: string): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith('@/')
        ? next(pathToFileURL(join(folder, `${specifier.slice(2)}.ts`)).href, context)
        : next(specifier, context),
  });
}

/** Returns the exports of a TypeScript file. */
export const load = (folder: string, file: string) =>
  import(pathToFileURL(join(folder, file)).href) as Promise<Record<string, unknown>>;
