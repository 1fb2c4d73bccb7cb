import { setTimeout as delay } from 'node:timers/promises';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  getBooleanFromEnv,
  getNumberFromEnv,
  getStringFromEnv,
  setGlobalErrorHandler,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  type Resource,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type BatchSpanProcessorOptions,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { VERSION } from '../common/index.js';
import { DecidedIds } from './decided-ids.js';
import { RequestSampler, samplingFromEnv } from './request-sampler.js';
import { RequestTracer } from './request-tracer.js';
import { ReportingExporter, ThreadExporter } from './span-exporter.js';

/** Time in which the last spans must be sent: a stop has 15 seconds for everything. */
const FLUSH_TIMEOUT_MS = 3_000;

/** Describes this process; `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` come first. */
function describeProcess(): Resource {
  const own = { 'service.name': 'taskward', 'service.version': VERSION };
  const detectors = [
    serviceInstanceIdDetector,
    resourceAttributesEnvDetector,
    serviceNameEnvDetector,
  ];
  return defaultResource().merge(resourceFromAttributes(own)).merge(detectResources({ detectors }));
}

/** Returns where spans are sent: a traces endpoint is used as it is. */
function urlOf(endpoint: string): string {
  const own = getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  return own ?? `${endpoint.replace(/\/$/, '')}/v1/traces`;
}

/** Returns an option of the processor: the SDK itself reads its variable only in its bundle of everything. */
function batchOption(option: keyof BatchSpanProcessorOptions, name: string) {
  const value = getNumberFromEnv(name);
  return value !== undefined && value > 0 && { [option]: value };
}

const createProcessor = (exporter: SpanExporter) =>
  new BatchSpanProcessor({
    exporter: new ReportingExporter(exporter),
    ...batchOption('maxQueueSize', 'OTEL_BSP_MAX_QUEUE_SIZE'),
    ...batchOption('maxExportBatchSize', 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
    ...batchOption('scheduledDelayMillis', 'OTEL_BSP_SCHEDULE_DELAY'),
    ...batchOption('exportTimeoutMillis', 'OTEL_BSP_EXPORT_TIMEOUT'),
  });

/**
 * Starts to export spans over HTTP, also those of libraries that use OpenTelemetry's API. Returns
 * undefined if `OTEL_SDK_DISABLED` is true.
 */
export function startExport(endpoint: string, warn: (line: string) => void) {
  if (getBooleanFromEnv('OTEL_SDK_DISABLED')) return undefined;
  const { sampler, ratio } = samplingFromEnv(warn);
  const ids = new DecidedIds(ratio);
  const resource = describeProcess();
  const exporter = new ThreadExporter({ url: urlOf(endpoint), resource: resource.attributes });
  const provider = new TracerProvider({
    resource,
    sampler: new RequestSampler(sampler),
    idGenerator: ids,
    spanProcessors: [createProcessor(exporter)],
  });
  // `ReportingExporter` has logged it.
  setGlobalErrorHandler(() => undefined);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  const stop = async () => {
    context.disable();
    trace.disable();
    const timeout = new AbortController();
    const { signal } = timeout;
    const late = delay(FLUSH_TIMEOUT_MS, undefined, { signal });
    await Promise.race([provider.shutdown(), late]).catch(() => undefined);
    timeout.abort();
    await late.catch(() => undefined);
    // A collector that does not respond would keep it.
    await exporter.terminate();
  };
  const tracer = new RequestTracer(
    provider.getTracer('taskward', VERSION),
    new W3CTraceContextPropagator(),
    ids,
  );
  return { tracer, stop };
}
