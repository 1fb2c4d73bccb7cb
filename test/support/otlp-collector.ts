import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeTraces, type ReceivedSpan } from './otlp.js';
import { until } from './until.js';

/** Receives traces over HTTP, as a collector does. */
export class Collector {
  readonly spans: ReceivedSpan[] = [];
  readonly requests: { readonly path: string; readonly headers: object; readonly text: string }[] =
    [];
  /** Replaces the response. */
  misbehave: RequestListener | undefined;

  readonly #server = createServer((request, response) => {
    if (this.misbehave) {
      this.misbehave(request, response);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { url: path = '', headers } = request;
      this.requests.push({ path, headers, text: body.toString('utf8') });
      this.spans.push(...decodeTraces(body));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });

  /** @param port 0: a free one. */
  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${String(port)}`;
  }

  /** Resolves with the span of a request, once it has arrived, and those below it. */
  async tree(traceId: string): Promise<SpanTree> {
    const root = () =>
      this.spans.find((span) => span.traceId === traceId && span.kind === 'server');
    await until(() => Promise.resolve(root() !== undefined));
    const found = root();
    if (found === undefined) throw new Error('There is no such span.');
    return this.#treeOf(found);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #treeOf(span: ReceivedSpan): SpanTree {
    // They arrive in the order in which they ended.
    const below = this.spans.filter(
      ({ traceId, parentId }) => traceId === span.traceId && parentId === span.id,
    );
    return new SpanTree(
      span,
      below.map((child) => this.#treeOf(child)),
    );
  }
}

/** A span and those below it. */
export class SpanTree {
  constructor(
    readonly span: ReceivedSpan,
    readonly children: readonly SpanTree[],
  ) {}

  /** Lines of names, each indented below its parent. */
  get outline(): string[] {
    const below = this.children.flatMap(({ outline }) => outline);
    return [this.span.name, ...below.map((line) => `  ${line}`)];
  }

  get all(): ReceivedSpan[] {
    return [this.span, ...this.children.flatMap(({ all }) => all)];
  }

  /** Returns the first span of a name. */
  named(name: string): ReceivedSpan {
    const found = this.all.find((span) => span.name === name);
    if (found === undefined) throw new Error(`${name} is not in:\n${this.outline.join('\n')}`);
    return found;
  }
}
