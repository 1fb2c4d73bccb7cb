"""Tokens: where they come from, and when they are renewed."""

import base64
import json
import threading
import time
from collections.abc import Callable, Generator

import httpx

from ._errors import raise_for_problem

TokenSource = Callable[[], str]
"""Returns a new token of the user."""

# Part of a token's lifetime after which it is renewed.
RENEWED_AFTER = 0.8


class PasswordSession:
    """A source of tokens: signs in with a password when the first is needed, and after the session has ended."""

    def __init__(self, base_url: str, email: str, password: str, *, timeout: float = 20.0) -> None:
        self._credentials = {"email": email, "password": password}
        self._http = httpx.Client(base_url=base_url, timeout=timeout)
        self._is_signed_in = False

    def __call__(self) -> str:
        if not self._is_signed_in:
            self._sign_in()
        response = self._http.get("/api/auth/token")
        if response.status_code == 401:
            self._sign_in()
            response = self._http.get("/api/auth/token")
        raise_for_problem(response)
        return str(response.json()["token"])

    def sign_out(self) -> None:
        """Ends the session: its tokens stop working at once."""
        if self._is_signed_in:
            raise_for_problem(self._http.post("/api/auth/sign-out", json={}))
        self._is_signed_in = False
        self._http.cookies.clear()

    def _sign_in(self) -> None:
        self._http.cookies.clear()
        raise_for_problem(self._http.post("/api/auth/sign-in/email", json=self._credentials))
        self._is_signed_in = True


def _renewal_of(token: str) -> float:
    """Returns when to renew a token, by the clock of `time.monotonic()`: never, if it is not a JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return float("inf")
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    if "iat" not in claims or "exp" not in claims:
        return float("inf")
    # By its lifetime rather than its end: the clocks of server and client may differ.
    lifetime: float = claims["exp"] - claims["iat"]
    return time.monotonic() + lifetime * RENEWED_AFTER


class BearerAuth(httpx.Auth):
    """Adds one token to all requests; renews it before it expires, and once after a 401."""

    def __init__(self, source: TokenSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._token: str | None = None
        self._renew_at = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._get(None)
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code != 401:
            return
        renewed = self._get(token)
        if renewed != token:
            request.headers["Authorization"] = f"Bearer {renewed}"
            yield request

    def _get(self, refused: str | None) -> str:
        """Returns a token other than the refused one, if there is another."""
        with self._lock:
            token = self._token
            if token is None or token == refused or time.monotonic() >= self._renew_at:
                token = self._source()
                self._token, self._renew_at = token, _renewal_of(token)
            return token
