"""Requests that are sent again."""

import random
import time
import uuid

import httpx

MAX_RETRY_AFTER_SECONDS = 10.0
# Their responses have a secret, so they refuse a key.
WITHOUT_KEY = ("/api/v1/tokens", "/api/v1/feeds")
KEY = "Idempotency-Key"


def _is_repeatable(request: httpx.Request) -> bool:
    """Whether nothing is done twice. A PATCH without a body toggles."""
    if request.method == "POST":
        return KEY in request.headers
    return request.method != "PATCH" or "Content-Type" in request.headers


def _seconds_of(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None


class RetryTransport(httpx.BaseTransport):
    """
    Sends requests again after a failure of the network, or when the response has `Retry-After`. A POST gets
    an `Idempotency-Key`, so that it is carried out once.
    """

    def __init__(self, transport: httpx.BaseTransport, max_retries: int) -> None:
        self._transport = transport
        self._max_retries = max_retries

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and not request.url.path.endswith(WITHOUT_KEY):
            request.headers.setdefault(KEY, str(uuid.uuid4()))
        retries = self._max_retries if _is_repeatable(request) else 0
        for attempt in range(retries):
            wait = random.uniform(0, 0.2 * 2**attempt)
            try:
                response = self._transport.handle_request(request)
            except httpx.TransportError:
                time.sleep(wait)
                continue
            seconds = _seconds_of(response)
            if not response.is_error or seconds is None or seconds > MAX_RETRY_AFTER_SECONDS:
                return response
            response.close()
            time.sleep(seconds + wait)
        return self._transport.handle_request(request)

    def close(self) -> None:
        self._transport.close()
