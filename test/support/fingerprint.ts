import type { ApiResponse } from './client.js';

/** Returns all of a response that could tell two apart: everything but the date, the request id and path. */
export function fingerprint({ status, headers, body }: ApiResponse<object>) {
  const rest = Object.fromEntries(headers);
  delete rest['date'];
  delete rest['x-request-id'];
  return { status, headers: rest, body: { ...body, requestId: '', instance: '' } };
}
