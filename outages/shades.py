"""How dark an area is drawn on the map of minutes lost. Pure."""

SHADES = 4


def shade_of(minutes: float | None, most: float) -> str:
    """``calm`` for none, else ``lost1`` to ``lost4`` by quarters of the most that any area lost."""
    if not minutes or not most:
        return "calm"
    return f"lost{min(SHADES, int(SHADES * minutes / most) + 1)}"
