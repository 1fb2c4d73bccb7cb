import {
  type Attributes,
  context,
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { type ProblemCode, PROBLEMS } from '../problems/index.js';

/** Form of an error's `code`, such as a SQLSTATE. */
const ERROR_CODE = /^\w{1,50}$/;

/** Kind and attributes of a span. */
export interface SpanDetails {
  readonly isClient?: boolean;
  readonly attributes?: Attributes;
}

/** A request whose span starts. */
export interface TracedRequest {
  readonly name: string;
  /** May name the trace of the caller. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Returns the attributes, if the request is sampled. */
  readonly attributes: () => Attributes;
}

/** A response whose span ends. */
export interface TracedResponse {
  /** Undefined if the client was gone before. */
  readonly status: number | undefined;
}

/** Returns the kind of an error; never its message, which may quote input. */
function typeOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code === 'string' && ERROR_CODE.test(code)) return code;
  return typeof name === 'string' && ERROR_CODE.test(name) ? name : 'Error';
}

/** Returns whether an error is no refusal: the server failed, or what it depends on. */
function isFault(type: string): boolean {
  const [status] = Object.hasOwn(PROBLEMS, type) ? PROBLEMS[type as ProblemCode] : [];
  return status === undefined || status >= 500;
}

/**
 * Creates the spans of requests. A span belongs to a request that is sampled: work in the background
 * has none, and neither has work that goes on after the response.
 */
export class RequestTracer {
  readonly #contexts = new WeakMap<object, Context>();

  constructor(
    private readonly tracer: Tracer,
    private readonly propagator: TextMapPropagator,
  ) {}

  /**
   * Starts the span of a request, within the trace that its `traceparent` names, if it is valid.
   *
   * @returns whether the request is sampled.
   */
  startRequest(request: object, { name, headers, attributes }: TracedRequest): boolean {
    const parent = this.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
    this.#contexts.set(request, trace.setSpan(parent, span));
    if (!span.isRecording()) return false;
    span.setAttributes(attributes());
    return true;
  }

  /** Returns whether the current work belongs to a request that is sampled. */
  isSampled(): boolean {
    return trace.getActiveSpan()?.isRecording() === true;
  }

  /** Calls `next` so that the spans of its work are below that of the request. */
  enterRequest(request: object, next: () => void): void {
    const own = this.#contexts.get(request);
    if (own === undefined) next();
    else context.with(own, next);
  }

  /** Ends the span of a request, once. */
  endRequest(request: object, { status }: TracedResponse): void {
    const span = this.#spanOf(request);
    if (span?.isRecording() !== true) return;
    if (status !== undefined) span.setAttribute('http.response.status_code', status);
    if (status !== undefined && status >= 500) {
      span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  }

  /** Returns the id of the trace that a request is part of, unless it is not traced. */
  traceIdOf(request: object): string | undefined {
    return this.#spanOf(request)?.spanContext().traceId;
  }

  /** Runs `work` in a span below the current one; outside of a sampled request just runs it. */
  async span<Result>(
    name: string,
    work: () => Promise<Result>,
    { isClient = false, attributes = {} }: SpanDetails = {},
  ): Promise<Result> {
    const parent = context.active();
    if (trace.getSpan(parent)?.isRecording() !== true) return work();
    const kind = isClient ? SpanKind.CLIENT : SpanKind.INTERNAL;
    const span = this.tracer.startSpan(name, { kind, attributes }, parent);
    try {
      return await context.with(trace.setSpan(parent, span), work);
    } catch (error) {
      const type = typeOf(error);
      span.setAttribute('error.type', type);
      if (isFault(type)) span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  /** Adds attributes to the current span. */
  annotate(attributes: Attributes): void {
    trace.getActiveSpan()?.setAttributes(attributes);
  }

  /**
   * Runs `work` that sends a GET request to `address`, in a span of its own.
   *
   * @param work must send `headers`, which name the trace, and may call `annotate`.
   */
  outgoing<Result>(
    address: string,
    work: (headers: Record<string, string>) => Promise<Result>,
  ): Promise<Result> {
    const { origin, pathname, protocol, hostname, port } = new URL(address);
    const attributes = {
      'http.request.method': 'GET',
      // Without the query and the credentials.
      'url.full': origin + pathname,
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    };
    const send = () => {
      const headers: Record<string, string> = {};
      this.propagator.inject(context.active(), headers, defaultTextMapSetter);
      return work(headers);
    };
    return this.span('GET', send, { isClient: true, attributes });
  }

  #spanOf(request: object): Span | undefined {
    const own = this.#contexts.get(request);
    return own && trace.getSpan(own);
  }
}
