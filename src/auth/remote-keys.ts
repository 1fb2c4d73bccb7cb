import type { JSONWebKeySet } from 'jose';
import { KeySource } from '../issuer/index.js';
import { tracer } from '../tracing/index.js';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`The key set is larger than ${String(MAX_BYTES)} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Key set at a URL, such as a Better Auth's `/api/auth/jwks`. */
export class RemoteKeys extends KeySource {
  constructor(private readonly url: string) {
    super();
  }

  override load(): Promise<JSONWebKeySet> {
    return tracer?.outgoing(this.url, (headers) => this.#load(headers)) ?? this.#load({});
  }

  async #load(headers: Readonly<Record<string, string>>): Promise<JSONWebKeySet> {
    const response = await fetch(this.url, {
      headers: { ...headers, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    tracer?.annotate({ 'http.response.status_code': response.status });
    if (!response.ok)
      throw new Error(`The key set's address returned status ${String(response.status)}.`);
    // jose validates the shape.
    return JSON.parse(await readBounded(response)) as JSONWebKeySet;
  }
}
