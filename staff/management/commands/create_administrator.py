"""The first administrator of a new house."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from common.errors import Refusal
from staff.services.founding import create_administrator


class Command(BaseCommand):
    """``manage.py create_administrator XL0001 周婷 --company 西陵供电公司``: prints a one-time password."""

    help = "Create an administrator of the whole company (and the company's unit, when there is none)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("staff_no")
        parser.add_argument("name")
        parser.add_argument("--company", default="", help="name of the top unit, needed when there is none yet")

    def handle(self, *, staff_no: str, name: str, company: str, **_options: Any) -> None:
        try:
            password = create_administrator(staff_no=staff_no, name=name, company=company, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"{staff_no.upper()}  {password}")
