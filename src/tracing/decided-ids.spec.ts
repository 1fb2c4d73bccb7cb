import { expect, it } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { DecidedIds } from './decided-ids.js';

const TRACES = 4_000;

it('a trace has the id that was decided on, so that everyone decides alike', () => {
  const sampler = new TraceIdRatioBasedSampler(0.25);
  const isSampled = (id: string) =>
    sampler.shouldSample(ROOT_CONTEXT, id).decision === SamplingDecision.RECORD_AND_SAMPLED;
  const ids = new DecidedIds(sampler);
  const sampled = Array.from(
    { length: TRACES },
    () => ids.isNextSampled() && ids.generateTraceId(),
  );
  const made = sampled.filter((id) => id !== false);
  expect(made.every(isSampled)).toBe(true);
  expect(new Set(made).size).toBe(made.length);
  // Binomial: a share beyond these bounds is off by eight standard deviations.
  expect(made.length).toBeGreaterThan(TRACES * 0.195);
  expect(made.length).toBeLessThan(TRACES * 0.305);
});

it('an id is that of one trace alone', () => {
  const ids = new DecidedIds(new AlwaysOnSampler());
  expect(ids.isNextSampled()).toBe(true);
  expect(ids.generateTraceId()).not.toBe(ids.generateTraceId());
});

it('without a sampled trace ids are made all the same', () => {
  const ids = new DecidedIds(new AlwaysOffSampler());
  expect(ids.isNextSampled()).toBe(false);
  expect(ids.generateTraceId()).toMatch(/^[\da-f]{32}$/);
});
