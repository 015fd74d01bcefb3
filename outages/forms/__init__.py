"""Forms of the outages room, one module per thing that is filled in."""
