/**
 * Decodes traces as OpenTelemetry's protocol sends them, by its own definition and not by our exporter:
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */

type Value = string | number | boolean | undefined;

/** A span that a collector has received. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: string;
  /** Nanoseconds since 1970. */
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly events: number;
  readonly status: string;
  readonly statusMessage: string;
  /** Name of the library that made the span. */
  readonly scope: string;
  /** Attributes of the process. */
  readonly resource: Readonly<Record<string, Value>>;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUSES = ['unset', 'ok', 'error'];

/** A message of protobuf: the values of each field, in their order. */
class Message {
  readonly #fields = new Map<number, (bigint | Buffer)[]>();
  #at = 0;

  constructor(private readonly bytes: Buffer) {
    while (this.#at < bytes.length) {
      const tag = Number(this.#varint());
      const field = tag >> 3;
      const values = this.#fields.get(field) ?? [];
      this.#fields.set(field, [...values, this.#value(tag & 7)]);
    }
  }

  number(field: number): bigint {
    const value = this.#fields.get(field)?.at(-1);
    return typeof value === 'bigint' ? value : 0n;
  }

  has(field: number): boolean {
    return this.#fields.has(field);
  }

  data(field: number): Buffer {
    return this.#all(field).at(-1) ?? Buffer.alloc(0);
  }

  text(field: number): string {
    return this.data(field).toString('utf8');
  }

  messages(field: number): Message[] {
    return this.#all(field).map((bytes) => new Message(bytes));
  }

  #all(field: number): Buffer[] {
    return (this.#fields.get(field) ?? []).filter((value) => Buffer.isBuffer(value));
  }

  #value(wireType: number): bigint | Buffer {
    if (wireType === 0) return this.#varint();
    if (wireType === 1) return this.#take(8).readBigUInt64LE();
    if (wireType === 2) return this.#take(Number(this.#varint()));
    if (wireType === 5) return BigInt(this.#take(4).readUInt32LE());
    throw new Error(`Unknown wire type ${String(wireType)}.`);
  }

  #take(length: number): Buffer {
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#take(1).readUInt8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}

function valueOf(message: Message | undefined): Value {
  if (message === undefined) return undefined;
  if (message.has(1)) return message.text(1);
  if (message.has(2)) return message.number(2) === 1n;
  if (message.has(3)) return Number(message.number(3));
  throw new Error('An attribute has an unexpected type.');
}

const attributesOf = (message: Message | undefined, field: number) =>
  Object.fromEntries(
    (message?.messages(field) ?? []).map((pair) => [pair.text(1), valueOf(pair.messages(2).at(0))]),
  );

function spanOf(span: Message, scope: string, resource: Record<string, Value>): ReceivedSpan {
  const [status] = span.messages(15);
  return {
    traceId: span.data(1).toString('hex'),
    id: span.data(2).toString('hex'),
    traceState: span.text(3),
    parentId: span.data(4).toString('hex'),
    name: span.text(5),
    kind: KINDS[Number(span.number(6))] ?? '',
    start: span.number(7),
    end: span.number(8),
    attributes: attributesOf(span, 9),
    events: span.messages(11).length,
    status: STATUSES[Number(status?.number(3) ?? 0n)] ?? '',
    statusMessage: status?.text(2) ?? '',
    scope,
    resource,
  };
}

/** Decodes an `ExportTraceServiceRequest`. */
export function decodeTraces(body: Buffer): ReceivedSpan[] {
  return new Message(body).messages(1).flatMap((resourceSpans) => {
    const resource = attributesOf(resourceSpans.messages(1).at(0), 1);
    return resourceSpans.messages(2).flatMap((scopeSpans) => {
      const scope = scopeSpans.messages(1).at(0)?.text(1) ?? '';
      return scopeSpans.messages(2).map((span) => spanOf(span, scope, resource));
    });
  });
}
