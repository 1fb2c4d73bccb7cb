import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Runs in a program before its own code: prints each package that is loaded on demand. */
registerHooks({
  load(url, context, nextLoad) {
    const [, name] =
      /\/node_modules\/(@(?:opentelemetry|modelcontextprotocol)\/[^/]+)\//.exec(url) ?? [];
    if (name !== undefined) writeSync(2, `loads ${name}\n`);
    return nextLoad(url, context);
  },
});
