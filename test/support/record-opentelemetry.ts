import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Runs in a program before its own code: prints each package of OpenTelemetry that it loads. */
registerHooks({
  load(url, context, nextLoad) {
    const [, name] = /\/node_modules\/(@opentelemetry\/[^/]+)\//.exec(url) ?? [];
    if (name !== undefined) writeSync(2, `loads ${name}\n`);
    return nextLoad(url, context);
  },
});
