import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createDocument } from './app.docs.js';
import { AppModule } from './app.module.js';
import { parseEnv } from './config/index.js';
import { sharedUrls } from './database/index.js';

const FILE = new URL('../openapi.json', import.meta.url);

/**
 * Writes `openapi.json`, or with `--check` exits with 1 if the committed file is stale. No database
 * is needed: Nest's preview mode creates no providers.
 */
async function main(): Promise<void> {
  const env = parseEnv({});
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(env, {
      urls: sharedUrls('postgres://preview@localhost/preview', env.databaseLimits),
      isDistributed: false,
    }),
    new FastifyAdapter(),
    { preview: true, abortOnError: false, logger: ['error'] },
  );
  const text = `${JSON.stringify(createDocument(app, env), null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(FILE, text);
  } else if (readFileSync(FILE, 'utf8') !== text) {
    process.stderr.write('openapi.json is stale: run "npm run openapi" and commit it.\n');
    process.exitCode = 1;
  }
}

await main();
