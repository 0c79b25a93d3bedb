"""People, organisations, and who is what where."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from folkmoot.foundation.identifiers import uuid7
from folkmoot.foundation.identity.roles import STAFF, Role


class People(BaseUserManager["User"]):
    """Makes users. There is no superuser: what a person may do comes from memberships alone."""

    def create_user(self, email: str, *, name: str, password: str | None = None) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who can log in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("full name"), max_length=200)
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    is_active = models.BooleanField(_("may log in"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def roles(self) -> dict[object, frozenset[str]]:
        """Organisation id to the roles held there, read once a request."""
        held: dict[object, set[str]] = {}
        for organisation, role in self.memberships.filter(organisation__active=True).values_list(
            "organisation_id", "role"
        ):
            held.setdefault(organisation, set()).add(role)
        return {organisation: frozenset(roles) for organisation, roles in held.items()}

    @property
    def organisation_ids(self) -> frozenset[object]:
        """The organisations whose rows this person may see."""
        return frozenset(self.roles)

    def holds(self, *roles: str, organisation: "Organisation | None" = None) -> bool:
        """Whether this person holds any of these roles, there or (without an organisation) anywhere."""
        if organisation is not None:
            return bool(self.roles.get(organisation.pk, frozenset()) & set(roles))
        return any(held & set(roles) for held in self.roles.values())

    @property
    def is_staff_somewhere(self) -> bool:
        """Whether a second factor is required of this person."""
        return self.holds(*STAFF)


class Organisation(models.Model):
    """A hospital trust, a council, a police force, a charity: the owner of rows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("code"), max_length=20, unique=True, help_text=_("ODS code, ONS code or similar"))
    name = models.CharField(_("name"), max_length=200)
    name_cy = models.CharField(_("name in Welsh"), max_length=200, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """This person holds this role in this organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="a_role_is_held_once"),
            models.CheckConstraint(condition=models.Q(role__in=sorted(Role.values)), name="a_role_is_one_we_know"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organisation}"
