"""The client."""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import httpx

from ._errors import raise_for_problem
from ._retries import RetryTransport
from ._tokens import BearerAuth, TokenSource
from .generated.client import AuthenticatedClient
from .generated.models import Problem
from .generated.types import Response


class _Page(Protocol):
    next_cursor: None | str


Result = TypeVar("Result")
Page = TypeVar("Page", bound=_Page)


class _RaisingClient(httpx.Client):
    """Raises a TaskwardError for every error status, after retries and the renewal of the token."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        response = super().send(request, **options)
        raise_for_problem(response)
        return response


class Taskward:
    """
    A client of one user.

    `token` is a personal token, or a function that returns a new token: a `PasswordSession`, or one of your
    own. `api` is what the generated functions take as `client`; errors are raised as `TaskwardError`.
    """

    def __init__(
        self,
        base_url: str,
        token: str | TokenSource,
        *,
        timeout: float = 20.0,
        max_retries: int = 3,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        source: TokenSource = (lambda: token) if isinstance(token, str) else token
        self._http = _RaisingClient(
            base_url=base_url,
            auth=BearerAuth(source),
            timeout=timeout,
            transport=RetryTransport(transport or httpx.HTTPTransport(), max_retries),
        )
        self.api = AuthenticatedClient(base_url=base_url, token="", raise_on_unexpected_status=True)
        self.api.set_httpx_client(self._http)

    def call(
        self, operation: Callable[..., Response[Problem | Result]], *args: Any, **fields: Any
    ) -> Result:
        """Returns the result of a generated `sync_detailed`: `call(create_task.sync_detailed, body=…)`."""
        parsed = operation(*args, client=self.api, **fields).parsed
        # Problems have been raised.
        return parsed  # type: ignore[return-value]

    def pages(
        self, operation: Callable[..., Response[Problem | Page]], **query: Any
    ) -> Iterator[Page]:
        """Reads a list page by page: `for page in taskward.pages(list_tasks.sync_detailed, completed=False)`."""
        page = self.call(operation, **query)
        yield page
        while page.next_cursor is not None:
            page = self.call(operation, **{**query, "cursor": page.next_cursor})
            yield page

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
