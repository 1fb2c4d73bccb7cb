import json
import sys

from taskward import AuthenticatedClient, Client
from taskward.api.accounts import get_token, sign_out, sign_up
from taskward.api.tasks import (
    batch_tasks,
    complete_task,
    create_task,
    delete_task,
    list_tasks,
    restore_task,
    update_task,
)
from taskward.models import (
    AccessToken,
    Batch,
    BatchResults,
    CompleteTask,
    CreateOperation,
    CreateOperationOp,
    CreateTask,
    DeleteOperation,
    DeleteOperationOp,
    ListTasksSort,
    Problem,
    SignedOut,
    SignedUp,
    SignUp,
    Task,
    TaskPage,
    TaskPriority,
    UpdateOperation,
    UpdateOperationOp,
    UpdateTask,
)

base_url = sys.argv[1]
email = "openapi-python-client@example.com"


def expect(kind, response):
    assert isinstance(response.parsed, kind), (response.status_code, response.content)
    return response.parsed


# Sends no Authorization; httpx keeps the cookie of the session.
accounts = Client(base_url=base_url, raise_on_unexpected_status=True)
ada = SignUp(name="Ada", email=email, password="correct horse battery")
signed_up = expect(SignedUp, sign_up.sync_detailed(client=accounts, body=ada))
access = expect(AccessToken, get_token.sync_detailed(client=accounts))
api = AuthenticatedClient(base_url=base_url, token=access.token, raise_on_unexpected_status=True)

milk = CreateTask(title="Buy milk", priority=TaskPriority.HIGH, due="2026-12-24", tags=["home"])
created = create_task.sync_detailed(client=api, body=milk)
task = expect(Task, created)
etag = created.headers["etag"]
other = expect(Task, create_task.sync_detailed(client=api, body=CreateTask(title="Buy bread")))

order = {"client": api, "sort": ListTasksSort.CREATEDAT, "limit": 1}
first = expect(TaskPage, list_tasks.sync_detailed(**order))
second = expect(TaskPage, list_tasks.sync_detailed(**order, cursor=first.next_cursor))

patch = UpdateTask(description="Two litres", due=None)
patched = expect(Task, update_task.sync_detailed(task.id, client=api, if_match=etag, body=patch))
stale = update_task.sync_detailed(
    task.id, client=api, if_match=etag, body=UpdateTask(title="Lost")
)
completed = expect(
    Task, complete_task.sync_detailed(task.id, client=api, body=CompleteTask(completed=True))
)
deleted = delete_task.sync_detailed(task.id, client=api)
restored = expect(Task, restore_task.sync_detailed(task.id, client=api))
operations = [
    CreateOperation(op=CreateOperationOp.CREATE, task=CreateTask(title="Buy eggs")),
    UpdateOperation(op=UpdateOperationOp.UPDATE, id=task.id, patch=UpdateTask(completed=False)),
    DeleteOperation(op=DeleteOperationOp.DELETE, id=other.id),
]
batch = expect(BatchResults, batch_tasks.sync_detailed(client=api, body=Batch(operations)))
signed_out = expect(SignedOut, sign_out.sync_detailed(client=accounts))
after = get_token.sync_detailed(client=accounts)

print(
    json.dumps(
        {
            "signUp": signed_up.user.email,
            "create": [created.status_code, task.title, task.version, etag],
            "pages": [
                [task.title for task in first.data],
                [task.title for task in second.data],
                second.next_cursor,
            ],
            "patch": [patched.description, patched.due, patched.version],
            "stale": [stale.status_code, expect(Problem, stale).code],
            "complete": [
                completed.completed,
                "null" if completed.completed_at is None else "string",
            ],
            "delete": deleted.status_code,
            "restore": restored.title,
            "batch": [
                [result.status, result.task.title if result.task else None]
                for result in batch.results
            ],
            "signOut": signed_out.success,
            "tokenAfterSignOut": after.status_code,
        }
    )
)
