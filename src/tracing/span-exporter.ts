import { Logger } from '@nestjs/common';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/** Attributes that leave the process, of our own spans and of those of Better Auth. */
export const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['http.request.method', 'http.route', 'http.response.status_code', 'error.type'],
  ...['url.scheme', 'url.path', 'url.full', 'server.address', 'server.port'],
  ...['db.system.name', 'db.operation.name', 'db.collection.name', 'db.query.summary'],
  ...['db.response.status_code', 'taskward.statement'],
  ...['better_auth.operation_id', 'better_auth.hook.type', 'better_auth.context'],
]);

/**
 * Returns a span with the attributes above alone: an upgrade of a library cannot add others. Errors
 * stay without their messages, which may quote an e-mail address.
 */
export function exportedSpan(span: ReadableSpan): ReadableSpan {
  const known = Object.entries(span.attributes).filter(([name]) => ATTRIBUTES.has(name));
  return Object.create(span, {
    attributes: { value: Object.fromEntries(known) },
    events: { value: [] },
    links: { value: [] },
    status: { value: { code: span.status.code } },
  }) as ReadableSpan;
}

/** Exports spans, and logs when that begins to fail and when it works again. */
export class ReportingExporter implements SpanExporter {
  readonly #logger = new Logger('Tracing');
  #isFailing = false;

  constructor(private readonly exporter: SpanExporter) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans.map(exportedSpan), (result) => {
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
