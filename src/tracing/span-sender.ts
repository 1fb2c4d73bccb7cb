import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type Batch, type BatchResult, receivedSpan, type SenderData } from './sent-span.js';

// Runs as the thread that sends spans: `ThreadExporter` starts it.
assert(parentPort);
const port = parentPort;
const { url, resource: attributes } = workerData as SenderData;
const resource = resourceFromAttributes(attributes);
const exporter = new OTLPTraceExporter({ url });

port.on('message', ({ id, spans }: Batch) => {
  const received = spans.map((span) => receivedSpan(span, resource));
  exporter.export(received, ({ code, error }) => {
    const isSent = code === ExportResultCode.SUCCESS;
    const result: BatchResult = { id, error: isSent ? undefined : String(error?.message) };
    port.postMessage(result);
  });
});
