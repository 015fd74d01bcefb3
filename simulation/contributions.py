"""What the demo shows on pages below: whom a visitor may log in as."""

from common.contributions import demo_people
from simulation.city import staff

for number, person in enumerate(staff.demo_people()):
    demo_people.register(person.staff_no, person, order=number)
