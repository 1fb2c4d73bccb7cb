import { expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { receivedSpan, sentSpan } from './sent-span.js';

/** Returns a span with all that a library can add to one. */
function createSpan(): ReadableSpan {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const span = provider
    .getTracer('library')
    .startSpan('name', { attributes: { 'http.route': '/x' } });
  span.setAttribute('user.email', 'ada@example.com').addEvent('mail', { to: 'ada@example.com' });
  span.recordException(new Error('ada@example.com'));
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'ada@example.com' });
  span.addLink({ context: span.spanContext(), attributes: { to: 'ada@example.com' } }).end();
  const [finished] = exporter.getFinishedSpans();
  if (finished === undefined) throw new Error('There is no span.');
  return finished;
}

it('a span is exported with the attributes that are listed, and without messages', () => {
  const span = createSpan();
  // As a message to another thread is.
  const exported = receivedSpan(structuredClone(sentSpan(span)), span.resource);
  expect(exported.attributes).toEqual({ 'http.route': '/x' });
  expect(exported.status).toEqual({ code: SpanStatusCode.ERROR });
  expect([exported.events, exported.links]).toEqual([[], []]);
  const { name, kind, startTime, endTime, duration, resource, instrumentationScope } = span;
  expect(exported).toMatchObject({ name, kind, startTime, endTime });
  expect(exported.duration).toEqual(duration);
  expect(exported.spanContext()).toEqual(span.spanContext());
  expect([exported.resource, exported.instrumentationScope]).toEqual([
    resource,
    instrumentationScope,
  ]);
});
