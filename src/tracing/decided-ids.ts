import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { RandomIdGenerator, type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace';

/** Makes the ids of traces, and decides by an id before a span is made of it. */
export class DecidedIds extends RandomIdGenerator {
  #next: string | undefined;

  constructor(private readonly sampler: Sampler) {
    super();
  }

  /** Returns whether a request that begins a trace is sampled: then the next trace has the id of this decision. */
  isNextSampled(): boolean {
    const id = super.generateTraceId();
    const { decision } = this.sampler.shouldSample(ROOT_CONTEXT, id, '', SpanKind.SERVER, {}, []);
    if (decision !== SamplingDecision.RECORD_AND_SAMPLED) return false;
    this.#next = id;
    return true;
  }

  override generateTraceId(): string {
    const id = this.#next ?? super.generateTraceId();
    this.#next = undefined;
    return id;
  }
}
