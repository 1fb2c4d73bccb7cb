import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOnce, type ExternalContext, runTool } from './external.ts';
import { freePort } from '../test/support/free-port.ts';
import { Service } from './processes.ts';
import { API } from './scenarios.ts';
import { type Peer, PEERS_FOLDER } from './sides.ts';

const FOLDER = join(PEERS_FOLDER, 'fastapi');
const WORKERS = 2;

/** Starts FastAPI and SQLModel with two workers, on a copy of the lean schema. */
export async function startFastapi(context: ExternalContext): Promise<Peer> {
  const { ours, folder, subject, copyLean } = context;
  const requirements = join(FOLDER, 'requirements.txt');
  const digest = createHash('sha256').update(await readFile(requirements));
  const name = `fastapi-${digest.digest('hex').slice(0, 12)}`;
  const environment = await buildOnce(name, async (target) => {
    await runTool('python3', ['-m', 'venv', target]);
    await runTool(join(target, 'bin/pip'), ['install', '--quiet', '-r', requirements]);
  });
  const database = await copyLean();
  const port = await freePort();
  const origin = `http://localhost:${String(port)}`;
  const listen = ['--host', '127.0.0.1', '--port', String(port), '--workers', String(WORKERS)];
  const service = new Service(['-m', 'uvicorn', 'main:app', ...listen], {
    program: join(environment, 'bin/python'),
    cwd: FOLDER,
    log: join(folder, 'fastapi.log'),
    variables: {
      DATABASE_URL: database.url,
      JWKS_URL: `${ours.origin}/api/auth/jwks`,
      ISSUER: ours.origin,
      AUDIENCE: 'taskward',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  await service.ready(`${origin}/health/ready`);
  const side = { name: 'fastapi', origin, port, service, database };
  // Nothing is versioned here: a PATCH is sent without an ETag.
  return { name: 'fastapi', side, subject, api: { ...API, hasEtags: false } };
}
