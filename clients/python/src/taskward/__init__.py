"""A client of Taskward: the generated functions, with tokens, retries, pages and errors."""

from ._client import Taskward
from ._errors import TaskwardError
from ._tokens import PasswordSession, TokenSource

__all__ = ["PasswordSession", "Taskward", "TaskwardError", "TokenSource"]
