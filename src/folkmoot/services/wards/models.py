"""What the wards know: the hospital's teams, who is in, what each still needs, why things waited, and what was asked."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from folkmoot.foundation.identifiers import uuid7
from folkmoot.foundation.scope.models import OrganisationScoped


class Row(OrganisationScoped):
    """A row of this room."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta(OrganisationScoped.Meta):
        abstract = True


class Hospital(Row):
    """One hospital site of the organisation: its order of work, and where its history lies in the data directory."""

    name = models.CharField(_("name"), max_length=120)
    policy = models.CharField(_("order"), max_length=40, default="index-ageing")
    history = models.CharField(max_length=200, blank=True)

    class Meta(Row.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_hospital_is_named_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(Row):
    """People or a machine that patients wait for. `shifts` are weekly: weekday, first and last minute, staff."""

    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="teams")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    shifts = models.JSONField(default=list)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["rank", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "code"], name="a_team_has_one_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Ward(Row):
    """A ward and its staffed beds."""

    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="wards")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    beds = models.PositiveSmallIntegerField(_("staffed beds"))

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Stay(Row):
    """One patient's time in hospital. The first planned discharge date is kept; moves of it are counted."""

    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="stays")
    ward = models.ForeignKey(Ward, on_delete=models.SET_NULL, null=True, related_name="stays")
    pseudonym = models.CharField(_("patient"), max_length=40)
    admitted_at = models.DateTimeField(_("admitted"))
    first_planned_discharge = models.DateTimeField(_("first planned discharge"))
    planned_discharge = models.DateTimeField(_("planned discharge"))
    planned_discharge_moves = models.PositiveSmallIntegerField(default=0)
    clinical_priority = models.PositiveSmallIntegerField(_("clinical priority"), default=9)
    meets_criteria_to_reside = models.BooleanField(_("meets the criteria to reside"), default=True)
    discharge_ready_at = models.DateTimeField(_("discharge ready"), null=True)
    left_at = models.DateTimeField(_("left"), null=True)

    class Meta(Row.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["hospital", "left_at"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "pseudonym"], name="a_pseudonym_is_one_patient"),
            models.CheckConstraint(
                condition=Q(first_planned_discharge__gt=models.F("admitted_at")), name="planned_after_admission"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=models.F("admitted_at")), name="left_after_admission"
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym


class TaskStatus(models.TextChoices):
    OPEN = "open", _("Open")
    RUNNING = "running", _("In hand")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Not needed")


class Task(Row):
    """Something a patient needs before going home. Without a team it is a delay that needs nobody, such as recovery."""

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="tasks")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="tasks")
    code = models.CharField(_("task"), max_length=60)
    number = models.PositiveSmallIntegerField()
    after = models.JSONField(default=list, help_text="Numbers of the tasks of the same stay that come before.")
    estimate_hours = models.FloatField(_("estimated hours"))
    status = models.CharField(max_length=10, choices=TaskStatus, default=TaskStatus.OPEN)
    ready_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["stay", "number"], name="a_task_has_one_number"),
            models.CheckConstraint(condition=Q(status__in=TaskStatus.values), name="task_status_is_known"),
            models.CheckConstraint(condition=Q(estimate_hours__gte=0), name="estimates_are_not_negative"),
            models.CheckConstraint(
                condition=Q(status=TaskStatus.OPEN, ended_at__isnull=True)
                | Q(status=TaskStatus.RUNNING, started_at__isnull=False, ended_at__isnull=True)
                | Q(status__in=[TaskStatus.DONE, TaskStatus.CANCELLED], ended_at__isnull=False),
                name="task_times_fit_its_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay}: {self.code}"


class Reason(models.TextChoices):
    """Why a patient waits, in the words of the ward."""

    NO_STAFF = "no_staff", _("Nobody free to do it")
    NOT_ON_DUTY = "not_on_duty", _("The team is not on duty")
    PATIENT_UNWELL = "patient_unwell", _("The patient is not well enough today")
    INFORMATION = "information", _("Information or a result is missing")
    FAMILY = "family", _("Waiting for the family’s decision")
    EQUIPMENT = "equipment", _("Equipment or a room is missing")
    PLACE = "place", _("No care place or package yet")
    OTHER = "other", _("Something else")


class Delay(Row):
    """Somebody said why a task waits, or why another patient was taken first."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="delays")
    reason = models.CharField(max_length=20, choices=Reason)
    out_of_order = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["-at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="delay_reason_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.task}: {self.get_reason_display()}"


class Analysis(Row):
    """What was found in a history: of the hospital's own (`kind` hospital), or of an uploaded log."""

    KINDS: ClassVar[list[tuple[str, str]]] = [("hospital", "hospital"), ("log", "log")]

    kind = models.CharField(max_length=10, choices=KINDS)
    name = models.CharField(_("name"), max_length=200)
    file = models.CharField(max_length=200, blank=True)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ready(self) -> bool:
        return bool(self.result)


class WhatIf(Row):
    """A question to the simulator, and its answer."""

    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="what_ifs")
    question = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return f"{self.question.get('team', '')} {self.question.get('change', '')}"
