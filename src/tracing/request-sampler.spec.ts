import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ROOT_CONTEXT, SpanKind, trace, TraceFlags } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { RequestSampler, samplingFromEnv } from './request-sampler.js';

/** Beyond every ratio below 1. */
const TRACE = 'ffffffff000000000000000000000000';
const { NOT_RECORD, RECORD_AND_SAMPLED } = SamplingDecision;

const set = (...[sampler, ratio]: string[]) =>
  jest.replaceProperty(process, 'env', {
    OTEL_TRACES_SAMPLER: sampler,
    OTEL_TRACES_SAMPLER_ARG: ratio,
  });
afterEach(() => {
  jest.restoreAllMocks();
});

const callerOf = (traceFlags: TraceFlags) =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: TRACE,
    spanId: '00f067aa0ba902b7',
    traceFlags,
    isRemote: true,
  });
const CALLERS = {
  none: ROOT_CONTEXT,
  sampled: callerOf(TraceFlags.SAMPLED),
  unsampled: callerOf(TraceFlags.NONE),
};

function decide(caller: keyof typeof CALLERS, kind = SpanKind.SERVER) {
  const warnings: string[] = [];
  const { sampler: named, ratio } = samplingFromEnv((line) => warnings.push(line));
  const sampler = new RequestSampler(named);
  const { decision } = sampler.shouldSample(CALLERS[caller], TRACE, 'GET', kind, {}, []);
  return {
    isSampled: decision === RECORD_AND_SAMPLED,
    ratio,
    isLeftOut: decision === NOT_RECORD,
    warnings,
  };
}

describe('OTEL_TRACES_SAMPLER', () => {
  it.each([
    { values: [], none: true, sampled: true, unsampled: false },
    { values: [''], none: true, sampled: true, unsampled: false },
    { values: ['always_on'], none: true, sampled: true, unsampled: true },
    { values: ['always_off'], none: false, sampled: false, unsampled: false },
    { values: ['traceidratio', '0.1'], none: false, sampled: false, unsampled: false },
    { values: ['traceidratio'], none: true, sampled: true, unsampled: true },
    { values: ['parentbased_always_on'], none: true, sampled: true, unsampled: false },
    { values: ['parentbased_always_off'], none: false, sampled: true, unsampled: false },
    { values: ['parentbased_traceidratio', '0.1'], none: false, sampled: true, unsampled: false },
  ])('$values samples by the caller and by itself', ({ values, ...expected }) => {
    set(...values);
    for (const [caller, isSampled] of Object.entries(expected)) {
      const decision = decide(caller as keyof typeof CALLERS);
      expect({ caller, ...decision }).toMatchObject({ caller, isSampled, warnings: [] });
      // The trace is beyond every smaller ratio.
      expect(decision.ratio === 1).toBe(expected.none);
    }
  });

  it.each([
    { values: ['always'], variable: 'OTEL_TRACES_SAMPLER' },
    { values: ['constructor'], variable: 'OTEL_TRACES_SAMPLER' },
    { values: ['traceidratio', '1.5'], variable: 'OTEL_TRACES_SAMPLER_ARG' },
    { values: ['traceidratio', '-1'], variable: 'OTEL_TRACES_SAMPLER_ARG' },
  ])('$values is a warning, and everything is sampled', ({ values, variable }) => {
    set(...values);
    const { isSampled, warnings } = decide('none');
    expect(isSampled).toBe(true);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`^${variable} must be `));
  });
});

it('a span outside of requests is left out, whatever the sampler is', () => {
  set('always_on');
  expect(decide('none', SpanKind.INTERNAL).isLeftOut).toBe(true);
  expect(decide('sampled', SpanKind.CLIENT).isLeftOut).toBe(true);
});
