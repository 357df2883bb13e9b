"""Who is told that a task has failed for good: `P20W_NOTIFY_WEBHOOK_URL`, `P20W_NOTIFY_EMAIL`.

Off by default. The notice names DAG, task, run and the class of the error, never its text. E-mail
goes through Airflow's connection `smtp_default`.
"""

from __future__ import annotations

import logging
from typing import Any

import requests
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from p20w.settings import load_settings

logger = logging.getLogger(__name__)

WEBHOOK_SECONDS = 10


def tell(context: dict[str, Any]) -> None:
    """Callback of a task that failed for good: send the notice to whoever is set.

    Args:
        context: Airflow's context of the failed task.
    """
    settings = load_settings()
    notice = write_notice(context)
    if settings.notify_webhook_url is not None:
        post_notice(settings.notify_webhook_url, notice)
    if settings.notify_email is not None:
        mail_notice(settings.notify_email, notice)


def write_notice(context: dict[str, Any]) -> dict[str, Any]:
    """What is told: who failed, the class of the error, where to look; no text of the error."""
    instance = context["task_instance"]
    return {
        "dag": instance.dag_id,
        "task": instance.task_id,
        "run": instance.run_id,
        "try": instance.try_number,
        "error": _class_name(context.get("exception")),
        "next": "Read the task's log in Airflow; the DAG's documentation says what this failure"
        " means and what to do.",
    }


def post_notice(url: str, notice: dict[str, Any]) -> None:
    """Post the notice as JSON; a webhook that fails is a line in the log, no second failure."""
    try:
        requests.post(url, json=notice, timeout=WEBHOOK_SECONDS).raise_for_status()
    except requests.RequestException as error:
        logger.warning("notice not delivered to the webhook class=%s", type(error).__name__)


def mail_notice(address: str, notice: dict[str, Any]) -> None:
    """Mail the notice; a mail server that fails is a line in the log, no second failure."""
    from airflow.providers.smtp.hooks.smtp import SmtpHook  # noqa: PLC0415 - slow, seldom needed

    subject = f"{notice['dag']}.{notice['task']} failed: {notice['error']}"
    lines = "".join(f"<p>{name}: {value}</p>" for name, value in notice.items())
    try:
        with SmtpHook() as mailer:
            mailer.send_email_smtp(to=address, subject=subject, html_content=lines)
    except (AirflowException, OSError) as error:
        logger.warning("notice not delivered by e-mail class=%s", type(error).__name__)


def _class_name(error: BaseException | str | None) -> str:
    """Our own class where we raised the error, else the exception's."""
    if isinstance(error, AirflowFailException):
        return str(error).partition(":")[0]
    return type(error).__name__ if isinstance(error, BaseException) else "unknown"
