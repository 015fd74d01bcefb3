"""The first unit and the first administrator; later ones are made on the pages."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Refusal
from staff.choices import Role, UnitKind
from staff.models import Unit
from staff.services.grants import grant_role
from staff.services.members import take_on
from staff.services.units import create_unit, hold_tree


@transaction.atomic
def create_administrator(*, staff_no: str, name: str, company: str = "", now: datetime) -> str:
    """Take on an administrator of the whole company, whose unit is founded if there is none; return the password.

    Locks: the tree. Raises: Refusal when the staff number is taken, or there is no company and none is named.
    """
    hold_tree()
    top = Unit.objects.filter(depth=1).order_by("path").first()
    if top is None:
        if not company:
            raise Refusal(_("There is no unit yet; name the company"))
        top = create_unit(code="TOP", name=company, kind=UnitKind.COMPANY, now=now)
    member, password = take_on(staff_no=staff_no, name=name, home_unit=top, actor=None, now=now)
    grant_role(member=member, role=Role.ADMINISTRATOR, unit=top, now=now)
    return password
