"""The worker: runs jobs, ticks, and publishes a last signed head when it is told to stop."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from folkmoot.foundation import audit
from folkmoot.foundation.jobs.running import end_orphans, worker_name
from folkmoot.foundation.jobs.ticks import Ticker, tick


class Command(BaseCommand):
    """`python -m django worker`"""

    help = "Run background jobs, deliver events and seal the audit log, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks at an empty queue")

    def handle(self, *, once: bool, interval: float, **options: Any) -> None:
        end_orphans()
        worker = Worker(
            queue_names=["*"],
            interval=interval,
            batch=once,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_name(),
            excluded_queue_names=[],
        )
        if once:
            worker.run()
            tick()
            return
        worker.configure_signals()
        ticker = Ticker()
        ticker.start()
        try:
            worker.run()
        finally:
            ticker.stop()
            audit.publish()
