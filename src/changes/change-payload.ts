/** PostgreSQL refuses payloads of 8,000 bytes. */
const MAX_PAYLOAD_BYTES = 7_500;

/** Sender of a notification, and the owners of what has changed. */
export interface ChangePayload {
  readonly instance: string;
  readonly owners: readonly string[];
}

/** Formats the payloads of as few notifications as possible. */
export function formatPayloads(instance: string, owners: Iterable<string>): string[] {
  const start = `[${JSON.stringify(instance)}`;
  const payloads: string[] = [];
  let payload = start;
  let bytes = Buffer.byteLength(payload);
  for (const ownerId of owners) {
    const element = `,${JSON.stringify(ownerId)}`;
    const elementBytes = Buffer.byteLength(element);
    if (bytes + elementBytes >= MAX_PAYLOAD_BYTES) {
      payloads.push(`${payload}]`);
      payload = start;
      bytes = Buffer.byteLength(payload);
    }
    payload += element;
    bytes += elementBytes;
  }
  if (payload !== start) payloads.push(`${payload}]`);
  return payloads;
}

const NOTHING: ChangePayload = { instance: '', owners: [] };

/** Parses a payload; anything else, which any role can send, names no owner. */
export function parsePayload(payload: string): ChangePayload {
  try {
    const values: unknown = JSON.parse(payload);
    if (!Array.isArray(values)) return NOTHING;
    const [instance = '', ...owners] = values.filter((value) => typeof value === 'string');
    return { instance, owners };
  } catch {
    return NOTHING;
  }
}
