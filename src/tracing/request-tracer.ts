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
import type { DecidedIds } from './decided-ids.js';
import { type ProblemCode, PROBLEMS } from '../problems/index.js';

/** Form of an error's `code`, such as a SQLSTATE. */
const ERROR_CODE = /^\w{1,50}$/;

/** Kind and attributes of a span. */
export interface SpanDetails {
  readonly isClient?: boolean;
  readonly attributes?: Attributes;
}

/** A request, whose headers may name the trace of the caller. */
interface Request {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Name and attributes of the span of a request. */
export interface RequestDetails {
  readonly name: string;
  /** Returns the attributes, if the request is sampled. */
  readonly attributes: () => Attributes;
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

/** The trace of one request. */
export class RequestTrace {
  constructor(
    private readonly span: Span,
    private readonly context: Context,
    private readonly onEnd: () => void,
  ) {}

  /** Whether spans of the request are sent; not once its own has ended. */
  get isSampled(): boolean {
    return this.span.isRecording();
  }

  get id(): string {
    return this.span.spanContext().traceId;
  }

  /** Calls `next` so that the spans of its work are below that of the request. */
  enter(next: () => void): void {
    context.with(this.context, next);
  }

  /**
   * Ends the span of the request, once.
   *
   * @param status undefined if the client was gone before the response.
   */
  end(status: number | undefined): void {
    if (!this.isSampled) return;
    if (status !== undefined) this.span.setAttribute('http.response.status_code', status);
    if (status !== undefined && status >= 500) {
      this.span.setAttribute('error.type', String(status));
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end();
    this.onEnd();
  }
}

/**
 * Creates the spans of requests. A span belongs to a request that is sampled: work in the background
 * has none, and neither has work that goes on after the response.
 */
export class RequestTracer {
  /** Number of sampled requests that have not ended: usually 0, as a busy service samples few. */
  #sampled = 0;
  readonly #onEnd = () => {
    this.#sampled -= 1;
  };

  constructor(
    private readonly tracer: Tracer,
    private readonly propagator: TextMapPropagator,
    private readonly ids: DecidedIds,
  ) {}

  /**
   * Starts the span of a request, within the trace that its `traceparent` names, if it is valid.
   *
   * @param describe returns undefined for a request that is not traced.
   * @returns undefined if the request would begin a trace that is not sampled: a span of which nobody
   *   ever sees anything is a sixth of the cost of a small request.
   */
  startRequest<Traced extends Request>(
    request: Traced,
    describe: (request: Traced) => RequestDetails | undefined,
  ): RequestTrace | undefined {
    const parent = this.#callerOf(request);
    if (parent === ROOT_CONTEXT && !this.ids.isNextSampled()) return undefined;
    // Only now, as most requests of a busy service are not sampled.
    const details = describe(request);
    if (details === undefined) return undefined;
    const span = this.tracer.startSpan(details.name, { kind: SpanKind.SERVER }, parent);
    if (span.isRecording()) {
      this.#sampled += 1;
      span.setAttributes(details.attributes());
    }
    return new RequestTrace(span, trace.setSpan(parent, span), this.#onEnd);
  }

  /** Returns whether the current work belongs to a request that is sampled. */
  isSampled(): boolean {
    return this.#sampled > 0 && trace.getActiveSpan()?.isRecording() === true;
  }

  /** Runs `work` in a span below the current one; outside of a sampled request just runs it. */
  async span<Result>(
    name: string,
    work: () => Promise<Result>,
    { isClient = false, attributes = {} }: SpanDetails = {},
  ): Promise<Result> {
    if (!this.isSampled()) return work();
    const parent = context.active();
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

  /** Returns the context of the caller; the root's if it names none, or none that is valid. */
  #callerOf({ headers }: Request): Context {
    if (headers['traceparent'] === undefined) return ROOT_CONTEXT;
    return this.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  }
}
