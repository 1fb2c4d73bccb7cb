import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * @param {string} source
 * @param {string} file
 * @param {{ supportsDynamicImport: boolean, supportsStaticESM: boolean }} options
 */
function codeOf(source, file, { supportsDynamicImport, supportsStaticESM }) {
  // Jest's own parts, the global set-up among them, have no environment.
  if (!supportsDynamicImport) return source;
  const shared = `requireShared(${JSON.stringify(file)})`;
  if (!supportsStaticESM) return `module.exports = ${shared};`;
  const names = Object.keys(require(file)).map((name) => JSON.stringify(name));
  return [
    `const shared = ${shared};`,
    ...names.map((name, n) => `const name${n} = shared[${name}]; export { name${n} as ${name} };`),
  ].join('\n');
}

/**
 * A Jest transformer that makes a module export what `SharedEnvironment` has loaded, outside of the
 * test file's own context. Jest evaluates modules anew for each test file; for the program and its
 * libraries that took longer than the tests of most files.
 */
export default {
  process: (...module) => ({ code: codeOf(...module) }),
  getCacheKey: (...module) =>
    createHash('sha256')
      .update(codeOf(...module))
      .digest('hex'),
};
