/** An error that the client is told of. */
export class Failure extends Error {
  constructor(status, code, headers = {}) {
    super(code);
    Object.assign(this, { status, code, headers });
  }
}

/** Every error is a problem (RFC 9457). */
export function sendFailure(error, request, reply) {
  const isBody = error.validation !== undefined && error.validationContext === 'body';
  const status = error.status ?? (isBody ? 422 : (error.statusCode ?? 500));
  const code = error.validation === undefined ? error.code : 'validation_failed';
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="taskward"');
  return reply
    .code(status)
    .headers(error.headers ?? {})
    .type('application/problem+json')
    .send({ type: 'about:blank', title: code, status, code, requestId: request.id });
}
