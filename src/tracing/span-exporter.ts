import { Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { type Batch, type BatchResult, type SenderData, sentSpan } from './sent-span.js';

const SENDER = new URL('./span-sender.js', import.meta.url);

type Done = (result: ExportResult) => void;

/**
 * Exports spans from a thread of their own. V8 compiles a function of Node's streams once for all that use it
 * in a thread: requests to a collector make those of the server slower for good, by up to a tenth.
 */
export class ThreadExporter implements SpanExporter {
  readonly #pending = new Map<number, PromiseWithResolvers<ExportResult>>();
  #thread: Worker | undefined;
  #batches = 0;

  constructor(private readonly data: SenderData) {
    this.#thread = this.#start();
  }

  export(spans: ReadableSpan[], done: Done): void {
    this.#batches += 1;
    const batch: Batch = { id: this.#batches, spans: spans.map(sentSpan) };
    const result = Promise.withResolvers<ExportResult>();
    this.#pending.set(batch.id, result);
    void result.promise.then(done);
    this.#thread ??= this.#start();
    this.#thread.postMessage(batch);
  }

  /** Ends the thread once it has sent what it has. */
  async shutdown(): Promise<void> {
    await Promise.all([...this.#pending.values()].map(({ promise }) => promise));
    await this.terminate();
  }

  /** Ends the thread at once. */
  async terminate(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
    // Its output has streams, too, which are not to be read here; it writes none.
    const output = { stdout: true, stderr: true };
    const thread = new Worker(SENDER, { name: 'spans', workerData: this.data, ...output });
    thread.on('message', ({ id, error }: BatchResult) => this.#end(id, error));
    // The next batch starts another one.
    thread.on('error', (error: Error) => {
      this.#thread = undefined;
      for (const id of this.#pending.keys()) this.#end(id, error.message);
    });
    // Only `shutdown()` waits for it.
    thread.unref();
    return thread;
  }

  #end(id: number, error: string | undefined): void {
    const result = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) result?.resolve({ code: ExportResultCode.SUCCESS });
    else result?.resolve({ code: ExportResultCode.FAILED, error: new Error(error) });
  }
}

/** Exports spans, and logs when that begins to fail and when it works again. */
export class ReportingExporter implements SpanExporter {
  readonly #logger = new Logger('Tracing');
  #isFailing = false;

  constructor(private readonly exporter: SpanExporter) {}

  export(spans: ReadableSpan[], done: Done): void {
    this.exporter.export(spans, (result) => {
      this.#report(result);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  #report({ code, error }: ExportResult): void {
    const isFailing = code !== ExportResultCode.SUCCESS;
    if (isFailing === this.#isFailing) return;
    this.#isFailing = isFailing;
    if (isFailing)
      this.#logger.warn(`Spans are lost, as they cannot be sent: ${String(error?.message)}`);
    else this.#logger.warn('Spans are sent again.');
  }
}
