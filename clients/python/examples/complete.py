"""Completes the tasks that have a title: complete.py <address> <token> <title>."""

import sys

from taskward import Taskward
from taskward.generated.api.tasks import complete_task, list_tasks

base_url, token, title = sys.argv[1:]

with Taskward(base_url, token) as taskward:
    for page in taskward.pages(list_tasks.sync_detailed, completed=False):
        for task in page.data:
            if task.title == title:
                completed = taskward.call(complete_task.sync_detailed, task.id)
                print(completed.title, completed.completed)
