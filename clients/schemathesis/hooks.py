"""Values that a schema cannot describe, for requests that are meant to be valid."""

from uuid import uuid4

import schemathesis
from schemathesis import GenerationMode


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    # A key belongs to one request: sent again with another body it is refused.
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid4())
    # Its coverage phase sends 0 as an entity tag, whatever the pattern of the header.
    for name in ("If-Match", "If-None-Match"):
        if case.headers.get(name) == "0":
            case.headers[name] = '"0"'
    # Names of time zones are a list that grows, and cursors are signed.
    if "timeZone" in case.query:
        case.query["timeZone"] = "Europe/Berlin"
    case.query.pop("cursor", None)
