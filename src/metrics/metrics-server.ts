import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { ENV, type Env } from '../config/index.js';
import { Problem, PROBLEM_JSON } from '../problems/index.js';
import { measureProcess, readMetrics } from './read-metrics.js';
import { METRICS_PATH } from './serve-metrics.js';

/** How long a request may take to arrive: it has no body. */
const REQUEST_TIMEOUT_MS = 5_000;
const METHODS = ['GET', 'HEAD'];

function respond(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

async function handle({ method = '', url = '/' }: IncomingMessage, response: ServerResponse) {
  const [path = '/'] = url.split('?', 1);
  if (path === METRICS_PATH && METHODS.includes(method)) {
    const { type, body } = await readMetrics();
    respond(response, 200, type, body);
    return;
  }
  const problem = new Problem('route_not_found', 'There is nothing at this path.');
  const body = JSON.stringify(problem.body(path, randomUUID()));
  respond(response, problem.status, PROBLEM_JSON, body);
}

/** Serves the metrics at `METRICS_HOST` and `METRICS_PORT`, if that is set, to every caller. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  #server: Server | undefined;

  constructor(@Inject(ENV) private readonly env: Env) {}

  /** The port that was picked if `METRICS_PORT` is 0; undefined if there is no server. */
  get port(): number | undefined {
    return (this.#server?.address() as AddressInfo | null | undefined)?.port;
  }

  async onApplicationBootstrap(): Promise<void> {
    measureProcess();
    const { METRICS_HOST, METRICS_PORT, HOST } = this.env;
    if (METRICS_PORT === undefined) return;
    const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
      handle(request, response).catch(() => response.destroy());
    });
    this.#server = server;
    server.listen(METRICS_PORT, METRICS_HOST ?? HOST);
    await once(server, 'listening');
  }

  /** Among the last to stop: the metrics show how the rest stops. */
  onApplicationShutdown(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}
