import { expect, it } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { DecidedIds } from './decided-ids.js';

const TRACES = 4_000;

/** Returns the ids of those traces that are sampled. */
const sampledIds = (ids: DecidedIds) =>
  Array.from({ length: TRACES }, () => ids.isNextSampled() && ids.generateTraceId()).filter(
    (id) => id !== false,
  );

it.each([0.01, 0.25, 0.5, 1])(
  'a trace has an id by which OpenTelemetry decides alike, of %s',
  (ratio) => {
    const sampler = new TraceIdRatioBasedSampler(ratio);
    const isSampled = (id: string) =>
      sampler.shouldSample(ROOT_CONTEXT, id).decision === SamplingDecision.RECORD_AND_SAMPLED;
    const made = sampledIds(new DecidedIds(ratio));
    expect(made.filter((id) => !isSampled(id))).toEqual([]);
    expect(new Set(made).size).toBe(made.length);
    // Binomial: a share beyond these bounds is off by eight standard deviations.
    const deviation = Math.sqrt(ratio * (1 - ratio) * TRACES);
    expect(Math.abs(made.length - ratio * TRACES)).toBeLessThanOrEqual(8 * deviation);
  },
);

it('an id is that of one trace alone', () => {
  const ids = new DecidedIds(1);
  expect(ids.isNextSampled()).toBe(true);
  expect(ids.generateTraceId()).not.toBe(ids.generateTraceId());
});

it('without a sampled trace ids are made all the same', () => {
  const ids = new DecidedIds(0);
  expect(ids.isNextSampled()).toBe(false);
  expect(ids.generateTraceId()).toMatch(/^[\da-f]{32}$/);
});
