"""People, units, roles, duty."""

from functools import cached_property
from typing import Any
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from staff.choices import AreaClass, AuditAct, Role, UnitKind


class Unit(MP_Node):
    """A place of responsibility in the tree company → county → hall / station / desk → crew."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    area_class = models.CharField(_("area class"), max_length=10, choices=AreaClass, default=AreaClass.URBAN)
    capacity = models.PositiveSmallIntegerField(_("jobs at once"), default=4)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the reader's language, where an English one is stored."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class MemberManager(BaseUserManager["Member"]):
    """Creates members; the staff number is the login."""

    def create_user(self, staff_no: str, password: str | None = None, **fields: Any) -> "Member":
        member = self.model(staff_no=staff_no.strip().upper(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(staff_no=(username or "").strip().upper())


class Member(AbstractBaseUser):
    """A person who works here; the user model. Logs in with the staff number 工号."""

    staff_no = models.CharField(_("staff number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=40)
    pinyin = models.CharField(max_length=300, blank=True, editable=False)  # `common.pinyin.pinyin_key` of the name
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    home_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="members", verbose_name=_("unit"))
    post = models.CharField(_("post"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True, editable=False)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)

    _scope: Any = None  # kept here by `staff.selectors.scope_of`

    USERNAME_FIELD = "staff_no"
    REQUIRED_FIELDS = ["name"]
    objects = MemberManager()

    class Meta:
        ordering = ["staff_no"]
        constraints = [
            models.CheckConstraint(condition=Q(staff_no=Upper("staff_no")), name="staff_no_in_capitals"),
        ]
        indexes = [models.Index(fields=["pinyin", "id"], name="staff_member_by_name")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def grants_held(self) -> tuple[tuple[str, str], ...]:
        """Role and tree path of the unit of every grant, read once per instance; one who left holds none."""
        return tuple(self.grants.values_list("role", "unit__path")) if self.is_active else ()

    @property
    def roles(self) -> frozenset[str]:
        """Roles held anywhere; decides which menu entries are shown. Reach is `staff.selectors.scope_of`."""
        return frozenset(role for role, _path in self.grants_held)


class RoleGrant(models.Model):
    """A role held in a unit; it reaches the unit's whole subtree."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "role", "unit"], name="staff_grant_once")]

    def __str__(self) -> str:
        return f"{self.member} · {self.get_role_display()} · {self.unit}"


class Duty(models.Model):
    """Who is on duty when, by unit and role; half-open [starts_at, ends_at)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="duties")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="staff_duty_ends_after_start"),
            models.UniqueConstraint(fields=["unit", "role", "member", "starts_at"], name="staff_duty_once"),
        ]
        indexes = [
            models.Index(fields=["role", "unit", "starts_at", "ends_at"], name="staff_duty_now"),
            models.Index(fields=["ends_at"], name="staff_duty_not_over"),  # the roster skips the past
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.starts_at:%m-%d %H:%M}"


class PasswordRecord(models.Model):
    """A password hash the member has used, so that the last few are not used again."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="password_records")
    password = models.CharField(max_length=128)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.member} · {self.pk}"


class AuditEntry(models.Model):
    """What an administrator did, to what, before and after. Append-only: a trigger refuses UPDATE and DELETE.

    The thing is named by its business key (staff number, unit code), so that an entry stays readable whatever
    becomes of the row. ``unit`` is where it happened; it decides who may read the entry.
    """

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    act = models.CharField(_("what"), max_length=30, choices=AuditAct)
    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=60)
    subject_name = models.CharField(_("on"), max_length=120)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_kind", "subject_key"], name="staff_audit_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.subject_name}"


class MemberImport(models.Model):
    """A file of members that was read and checked; applying it once creates or changes them all, or none."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)  # stands in an address
    uploaded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=120)
    rows = models.JSONField()  # one mapping per line of the file, as read: {"line": 2, "staff_no": "XL0317", …}
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name
