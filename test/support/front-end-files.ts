import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Has Node find `@/lib/auth` in a folder, as Next.js does for the projects that it makes. */
export function resolveFrom(folder: string): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith('@/')
        ? next(pathToFileURL(join(folder, `${specifier.slice(2)}.ts`)).href, context)
        : next(specifier, context),
  });
}

/** What a TypeScript file exports. */
export const load = (folder: string, file: string) =>
  import(pathToFileURL(join(folder, file)).href) as Promise<Record<string, unknown>>;
