import { describe, expect, it } from '@jest/globals';
import { traceIdOf } from './trace-id.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('the id of a trace', () => {
  it.each([
    { name: 'a valid header', traceparent: `00-${TRACE}-${PARENT}-01`, id: TRACE },
    { name: 'a later version', traceparent: `cc-${TRACE}-${PARENT}-01-more`, id: TRACE },
    { name: 'an invalid version', traceparent: `ff-${TRACE}-${PARENT}-01`, id: undefined },
    { name: 'no trace', traceparent: `00-${'0'.repeat(32)}-${PARENT}-01`, id: undefined },
    { name: 'no parent', traceparent: `00-${TRACE}-${'0'.repeat(16)}-01`, id: undefined },
    { name: 'capitals', traceparent: `00-${TRACE.toUpperCase()}-${PARENT}-01`, id: undefined },
    { name: 'something longer', traceparent: `00-${TRACE}-${PARENT}-011`, id: undefined },
    { name: 'another text', traceparent: 'x'.repeat(1_000), id: undefined },
    { name: 'nothing', traceparent: undefined, id: undefined },
  ])('is read from $name', ({ traceparent, id }) => {
    expect(traceIdOf({ headers: { traceparent } })).toBe(id);
  });
});
