import { type Attributes, type Context, type Link, SpanKind, trace } from '@opentelemetry/api';
import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

const SAMPLER = 'OTEL_TRACES_SAMPLER';
const RATIO = 'OTEL_TRACES_SAMPLER_ARG';
const DEFAULT_SAMPLER = 'parentbased_always_on';

type Warn = (line: string) => void;

function ratioFromEnv(warn: Warn): number {
  const ratio = getNumberFromEnv(RATIO) ?? 1;
  if (ratio >= 0 && ratio <= 1) return ratio;
  warn(`${RATIO} must be a number from 0 to 1: 1 is used.`);
  return 1;
}

/** A sampler, and the part of the traces that begin here that it samples. */
interface Sampling {
  readonly sampler: Sampler;
  readonly ratio: number;
}

const ALWAYS_ON: Sampling = { sampler: new AlwaysOnSampler(), ratio: 1 };

const ROOTS: Readonly<Record<string, (warn: Warn) => Sampling>> = {
  always_on: () => ALWAYS_ON,
  always_off: () => ({ sampler: new AlwaysOffSampler(), ratio: 0 }),
  traceidratio: (warn) => {
    const ratio = ratioFromEnv(warn);
    return { sampler: new TraceIdRatioBasedSampler(ratio), ratio };
  },
};

const withParents = ({ sampler, ratio }: Sampling): Sampling => ({
  sampler: new ParentBasedSampler({ root: sampler }),
  ratio,
});

/** Returns the sampler that `OTEL_TRACES_SAMPLER` names: the SDK reads it only in its bundle of everything. */
export function samplingFromEnv(warn: Warn): Sampling {
  const name = getStringFromEnv(SAMPLER) ?? DEFAULT_SAMPLER;
  const [, parentBased, rootName = ''] = /^(parentbased_)?(.*)$/.exec(name) ?? [];
  const root = Object.hasOwn(ROOTS, rootName) ? ROOTS[rootName]?.(warn) : undefined;
  if (root === undefined) {
    warn(`${SAMPLER} must be always_on, always_off or traceidratio, alone or after parentbased_.`);
    return withParents(ALWAYS_ON);
  }
  return parentBased === undefined ? root : withParents(root);
}

/** Leaves out spans that belong to no request, such as those of Better Auth at the start. */
export class RequestSampler implements Sampler {
  constructor(private readonly sampler: Sampler) {}

  shouldSample(
    parent: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    if (kind !== SpanKind.SERVER && trace.getSpan(parent)?.isRecording() !== true) {
      return { decision: SamplingDecision.NOT_RECORD };
    }
    return this.sampler.shouldSample(parent, traceId, name, kind, attributes, links);
  }

  toString(): string {
    return `RequestSampler{${this.sampler.toString()}}`;
  }
}
