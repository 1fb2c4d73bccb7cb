import { spawnSync } from 'node:child_process';

/**
 * Returns patterns of the test files whose program is not installed, and prints their names. With
 * REQUIRE_TOOLS=true, as CI sets it, it returns none: the files fail instead.
 *
 * @param {Record<string, string>} filesByTool
 */
export function filesWithoutTool(filesByTool) {
  const leftOut = Object.entries(filesByTool).filter(
    ([tool]) => process.env.REQUIRE_TOOLS !== 'true' && spawnSync(tool, ['--version']).error,
  );
  for (const [tool, file] of leftOut) {
    process.stderr.write(`${tool} is not installed: ${file}.ts is left out\n`);
  }
  return leftOut.map(([, file]) => `/${file.replaceAll('.', '\\.')}\\.ts$`);
}
