"""Errors of the API."""

from typing import Any

import httpx


class TaskwardError(Exception):
    """A response with an error status. `code` is stable: see docs/errors.md."""

    def __init__(self, status: int, code: str, detail: str, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.problem = problem


def raise_for_problem(response: httpx.Response) -> None:
    """Raises a TaskwardError for an error status; a proxy may send a page instead of a problem."""
    if not response.is_error:
        return
    response.read()
    try:
        body = response.json()
    except ValueError:
        body = {}
    problem: dict[str, Any] = body if isinstance(body, dict) else {}
    code = str(problem.get("code", "unknown"))
    raise TaskwardError(response.status_code, code, str(problem.get("detail", "")), problem)
