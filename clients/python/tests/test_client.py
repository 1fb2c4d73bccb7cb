"""Tests against the Taskward at TASKWARD_URL, which has an account with these credentials."""

import base64
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from taskward import PasswordSession, Taskward, TaskwardError
from taskward.generated.api.accounts import get_me
from taskward.generated.api.tasks import create_task, delete_task, list_tasks
from taskward.generated.api.tokens import create_token
from taskward.generated.models import CreatePersonalToken, CreatePersonalTokenScopesItem, CreateTask

URL = os.environ["TASKWARD_URL"]
EMAIL = os.environ["TASKWARD_EMAIL"]
PASSWORD = os.environ["TASKWARD_PASSWORD"]
PERSONAL_TOKEN = os.environ["TASKWARD_TOKEN"]


class Recorder(httpx.BaseTransport):
    """Sends requests, unless a failure is planned for the next ones; keeps them."""

    def __init__(self, *failures: httpx.Response | httpx.TransportError) -> None:
        self.failures = list(failures)
        # As they were sent: a request that is sent again is the same object.
        self.headers: list[httpx.Headers] = []
        self._transport = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.headers.append(request.headers.copy())
        failure = self.failures.pop(0) if self.failures else None
        if isinstance(failure, httpx.TransportError):
            raise failure
        return failure or self._transport.handle_request(request)

    def sent(self, header: str) -> list[str | None]:
        return [headers.get(header) for headers in self.headers]


def titles(taskward: Taskward) -> list[str]:
    pages = taskward.pages(list_tasks.sync_detailed, limit=2)
    return [task.title for page in pages for task in page.data]


@pytest.fixture(autouse=True)
def without_tasks() -> None:
    with Taskward(URL, PERSONAL_TOKEN) as taskward:
        tasks = [t for page in taskward.pages(list_tasks.sync_detailed) for t in page.data]
        for task in tasks:
            taskward.call(delete_task.sync_detailed, task.id)


def test_pages_have_each_task_once() -> None:
    with Taskward(URL, PERSONAL_TOKEN) as taskward:
        for number in range(5):
            taskward.call(create_task.sync_detailed, body=CreateTask(title=str(number)))
        assert sorted(titles(taskward)) == ["0", "1", "2", "3", "4"]


def test_errors_are_raised_with_their_code() -> None:
    with Taskward(URL, PERSONAL_TOKEN) as taskward:
        with pytest.raises(TaskwardError) as caught:
            taskward.call(create_task.sync_detailed, body=CreateTask(title=" "))
    assert (caught.value.status, caught.value.code) == (422, "validation_failed")
    assert caught.value.problem["errors"][0]["pointer"] == "/title"


def test_a_post_is_sent_again_with_its_key_and_done_once() -> None:
    busy = httpx.Response(503, headers={"Retry-After": "0"})
    recorder = Recorder(httpx.ConnectError("planned"), busy, httpx.ReadError("planned"))
    with Taskward(URL, PERSONAL_TOKEN, transport=recorder) as taskward:
        taskward.call(create_task.sync_detailed, body=CreateTask(title="Buy milk"))
        assert len(set(recorder.sent("idempotency-key"))) == 1
        assert len(recorder.headers) == 4
        assert titles(taskward) == ["Buy milk"]


def test_retries_end() -> None:
    recorder = Recorder(*[httpx.ConnectError("planned")] * 3)
    with Taskward(URL, PERSONAL_TOKEN, transport=recorder, max_retries=2) as taskward:
        with pytest.raises(httpx.ConnectError):
            taskward.call(get_me.sync_detailed)
    assert len(recorder.headers) == 3


def test_a_personal_token_is_asked_for_without_a_key_and_once() -> None:
    recorder = Recorder(httpx.ReadError("planned"))
    session = PasswordSession(URL, EMAIL, PASSWORD)
    scopes = [CreatePersonalTokenScopesItem.TASKSREAD]
    with Taskward(URL, session, transport=recorder) as taskward:
        with pytest.raises(httpx.ReadError):
            body = CreatePersonalToken(name="script", scopes=scopes)
            taskward.call(create_token.sync_detailed, body=body)
    assert recorder.sent("idempotency-key") == [None]


def test_a_token_is_renewed_once_after_a_401() -> None:
    tokens = iter(["tw_pat_mistaken", PERSONAL_TOKEN])
    recorder = Recorder()
    with Taskward(URL, lambda: next(tokens), transport=recorder) as taskward:
        taskward.call(get_me.sync_detailed)
        taskward.call(get_me.sync_detailed)
    expected = ["tw_pat_mistaken", PERSONAL_TOKEN, PERSONAL_TOKEN]
    assert recorder.sent("authorization") == [f"Bearer {token}" for token in expected]


def test_a_token_is_renewed_before_it_expires() -> None:
    def jwt(lifetime: int) -> str:
        claims = json.dumps({"iat": 1_000, "exp": 1_000 + lifetime}).encode()
        return f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.e30"

    tokens = [jwt(0), jwt(3600)]
    given = iter(tokens)
    recorder = Recorder(*[httpx.Response(200)] * 3)
    with Taskward(URL, lambda: next(given), transport=recorder) as taskward:
        for _ in range(3):
            taskward.api.get_httpx_client().get("/api/v1/me")
    assert recorder.sent("authorization") == [f"Bearer {tokens[n]}" for n in (0, 1, 1)]


def test_a_token_that_stays_refused_is_an_error() -> None:
    recorder = Recorder()
    with Taskward(URL, "tw_pat_mistaken", transport=recorder) as taskward:
        with pytest.raises(TaskwardError) as caught:
            taskward.call(get_me.sync_detailed)
    assert (caught.value.status, caught.value.code) == (401, "invalid_token")
    assert len(recorder.headers) == 1


def test_threads_share_one_token() -> None:
    fetched: list[None] = []

    def fetch() -> str:
        fetched.append(None)
        return PERSONAL_TOKEN

    with Taskward(URL, fetch) as taskward:
        work = [threading.Thread(target=taskward.call, args=[get_me.sync_detailed]) for _ in range(8)]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
    assert len(fetched) == 1


def test_a_password_opens_a_session_that_ends() -> None:
    session = PasswordSession(URL, EMAIL, PASSWORD)
    with Taskward(URL, session) as taskward:
        me = taskward.call(get_me.sync_detailed)
    first = session()
    session.sign_out()
    assert session() != first
    assert me.id
    with pytest.raises(TaskwardError) as caught:
        PasswordSession(URL, EMAIL, "a wrong password")()
    assert caught.value.status == 401


def test_the_example_of_the_readme_runs(tmp_path: Path) -> None:
    readme = Path(__file__).parent.parent / "README.md"
    example = readme.read_text().split("```python\n")[1].split("```")[0]
    (tmp_path / "example.py").write_text(example)
    command = [sys.executable, "example.py", URL, PERSONAL_TOKEN]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.stderr, done.stdout) == ("", "Buy milk\n412 precondition_failed\n")
