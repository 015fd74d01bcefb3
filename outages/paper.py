"""A poster as a PDF for A4: Chinese font embedded, text selectable, as many pages as the buildings need."""

from collections.abc import Sequence
from typing import cast

import segno
from django.utils.timezone import localtime
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, WrapMode, XPos, YPos
from pylopdf_fonts_zh_cn import sans_path

from outages.poster import Poster, Words
from outages.selectors.addresses import Community

FONT = "sans"
MARGIN, WIDTH, FOOT = 18, 174, 18  # mm
QR_MM = 46
COLUMNS, GAP, ROW = 3, 6, 6.2  # of the list of buildings
SMALL, TEXT, LARGE, HUGE = 9, 12, 17, 30  # pt


def draw(poster: Poster) -> bytes:
    """The PDF file."""
    sheet = Sheet(poster)
    sheet.add_page()
    sheet.front()
    sheet.buildings()
    return bytes(sheet.output())


class Sheet(FPDF):
    """The pages of one poster."""

    def __init__(self, poster: Poster) -> None:
        super().__init__(format="A4")
        self.poster = poster
        self.add_font(FONT, "", str(sans_path()))
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(False)
        self.set_title(f"{poster.chinese.title} {poster.chinese.place}")
        self.set_lang("zh-CN")
        self.set_creation_date(poster.made_at)

    def header(self) -> None:
        """The utility above all; from the second page on also what this belongs to."""
        words = self.poster.chinese
        self._line(words.utility, TEXT, align="L", after=2)
        if self.poster.is_draft:
            self._line(f"{words.draft} · {self.poster.english.draft}", LARGE, after=2)
        if self.page_no() > 1:
            self._line(f"{words.title} · {words.place} · {words.goes_on}", LARGE, after=2)
        self._rule()

    def footer(self) -> None:
        """Code, when it was made, page of pages."""
        made = localtime(self.poster.made_at).strftime("%Y-%m-%d %H:%M")
        self.set_y(-FOOT)
        self._font(SMALL)
        self.cell(WIDTH / 2, 5, f"{self.poster.code} · {made}")
        self.cell(WIDTH / 2, 5, f"{self.page_no()} / {{nb}}", align="R")

    def front(self) -> None:
        """Title, place, when, until when, why; the same in English; the code to scan."""
        chinese, english = self.poster.chinese, self.poster.english
        self.ln(4)
        self._line(chinese.title, HUGE, after=1)
        self._line(english.title, TEXT, after=5)
        for text, size in ((chinese.place, LARGE + 5), (chinese.window, LARGE), (chinese.back, LARGE + 3)):
            self._line(text, size, after=1.5)
        self._said([chinese.reason, chinese.news], TEXT + 2)
        self.ln(3)
        self._said([english.window, english.back, english.news], TEXT)
        self.ln(3)
        self._scan(chinese, english)
        self._rule()

    def _said(self, texts: Sequence[str], size: float) -> None:
        for text in filter(None, texts):
            self._line(text, size, after=1)

    def _scan(self, chinese: Words, english: Words) -> None:
        top = self.get_y()
        self._code(MARGIN, top)
        self.set_xy(MARGIN + QR_MM + 8, top + 8)
        for text, size in ((chinese.scan, LARGE), (english.scan, TEXT), (chinese.call, LARGE), (english.call, TEXT)):
            self._line(text, size, after=0.5, left=MARGIN + QR_MM + 8)
        self.set_xy(MARGIN, top + QR_MM + 3)
        self._line(self.poster.url, SMALL, after=2)

    def _code(self, left: float, top: float) -> None:
        """The QR code as black squares, runs joined, so that it prints sharp at any size."""
        rows = [list(row) for row in segno.make(self.poster.url, error="m").matrix]
        side = QR_MM / len(rows)
        self.set_fill_color(0)
        for y, row in enumerate(rows):
            x = 0
            while x < len(row):
                run = next((n for n, dark in enumerate(row[x:]) if not dark), len(row) - x)
                if run:
                    self.rect(left + x * side, top + y * side, run * side, side, style="F")
                x += run or 1

    def buildings(self) -> None:
        """The buildings, area by area, in columns that go on over the pages."""
        words = self.poster.chinese
        self._line(f"{words.where} · {self.poster.english.where}", LARGE, after=2)
        for area in self.poster.communities:
            self._area(area)

    def _area(self, area: Community) -> None:
        self._room_for(3 * ROW)
        self._line(area.name, TEXT + 2, after=1)
        self._font(TEXT)
        width = (WIDTH - (COLUMNS - 1) * GAP) / COLUMNS
        for start in range(0, len(area.buildings), COLUMNS):
            row = area.buildings[start : start + COLUMNS]
            high = max(self._height(text, width) for text in row)
            self._room_for(high)
            top = self.get_y()
            for column, text in enumerate(row):
                self.set_xy(MARGIN + column * (width + GAP), top)
                self.multi_cell(width, ROW, text, align="L", wrapmode=WrapMode.CHAR)
            self.set_xy(MARGIN, top + high)
        self.ln(3)

    def _height(self, text: str, width: float) -> float:
        if self.get_string_width(text) < width - 2 * self.c_margin:
            return ROW
        high = self.multi_cell(
            width, ROW, text, dry_run=True, align="L", output=MethodReturnValue.HEIGHT, wrapmode=WrapMode.CHAR
        )
        return cast(float, high)

    def _room_for(self, high: float) -> None:
        """Another page when this one has no room; the font goes on as it was."""
        if self.get_y() + high > self.h - FOOT - 2:
            self.add_page()
            self._font(TEXT)

    def _line(self, text: str, size: float, *, align: str = "L", after: float = 0, left: float = MARGIN) -> None:
        self._font(size)
        self.set_x(left)
        wrap = WrapMode.WORD if text.isascii() else WrapMode.CHAR
        self.multi_cell(
            MARGIN + WIDTH - left, size * 0.5, text, align=align, wrapmode=wrap, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.ln(after)

    def _font(self, size: float) -> None:
        self.set_font(FONT, size=size)

    def _rule(self) -> None:
        self.set_line_width(0.8)
        self.line(MARGIN, self.get_y() + 1, MARGIN + WIDTH, self.get_y() + 1)
        self.ln(4)
