"""Builds static/vendor/icons.svg, one sprite of the icons named in static/icons.txt.

Plain Python: set-up runs it before anything is installed. ``python script/lib/icons.py [ROOT]``.
"""

import re
import sys
from pathlib import Path

HEAD = '<svg xmlns="http://www.w3.org/2000/svg">\n'
SHAPES = re.compile(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*/>")
BLANK = re.compile(r'<path[^>]*\bd="M0 0h24v24H0z"[^>]*/>')  # every icon carries an invisible square


def symbol(name: str, drawing: str) -> str:
    """One icon as a symbol; colour, width and ends come from the style sheet."""
    shapes = "".join(shape for shape in SHAPES.findall(drawing) if not BLANK.fullmatch(shape))
    if not shapes:
        raise SystemExit(f"icons: {name} holds no shape")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>\n'


def names(listing: str) -> list[str]:
    """Icon names, one a line; ``#`` begins a remark."""
    found = [line.split("#")[0].strip() for line in listing.splitlines()]
    return sorted({name for name in found if name})


def build(root: Path) -> Path:
    """Write the sprite when the list or the package changed; return where it is."""
    listing = root / "static" / "icons.txt"
    drawings = root / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
    sprite = root / "static" / "vendor" / "icons.svg"
    wanted = names(listing.read_text("utf-8"))
    missing = [name for name in wanted if not (drawings / f"{name}.svg").is_file()]
    if missing:
        raise SystemExit(f"icons: not in @tabler/icons: {', '.join(missing)}")
    text = HEAD + "".join(symbol(name, (drawings / f"{name}.svg").read_text("utf-8")) for name in wanted) + "</svg>\n"
    if not sprite.is_file() or sprite.read_text("utf-8") != text:
        sprite.parent.mkdir(parents=True, exist_ok=True)
        sprite.write_text(text, "utf-8")
    return sprite


if __name__ == "__main__":
    here = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    done = build(here)
    print(f"icons: {done.relative_to(here)} ({done.stat().st_size // 1024} kB)")
