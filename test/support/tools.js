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
  return leftOut.map(([, file]) => patternOf(file));
}

/**
 * Returns the patterns of test files whose variable is not set, and prints their names: they need servers
 * that a run does not start itself.
 *
 * @param {Record<string, string>} filesByVariable
 */
export function filesWithoutSetting(filesByVariable) {
  const leftOut = Object.entries(filesByVariable).filter(([variable]) => !process.env[variable]);
  for (const [variable, file] of leftOut) {
    process.stderr.write(`${variable} is not set: ${file}.ts is left out\n`);
  }
  return leftOut.map(([, file]) => patternOf(file));
}

/**
 * Returns the patterns of test files that need what Windows lacks, and prints their names, on Windows;
 * elsewhere none.
 *
 * @param {string[]} files
 */
export function filesForPosix(files, platform = process.platform) {
  if (platform !== 'win32') return [];
  for (const file of files) process.stderr.write(`Windows: ${file}.ts is left out\n`);
  return files.map(patternOf);
}

/** @param {string} file */
const patternOf = (file) => `/${file.replaceAll('.', '\\.')}\\.ts$`;
