"""Cells of CSV files: what people typed is no formula, however a spreadsheet cuts the line up."""

import csv
import io
import re
import time
from pathlib import Path

import pytest

import quadrangle
from quadrangle.http.answers.csv_files import csv_pieces

SOURCES = Path(quadrangle.__file__).parent
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


async def written(value: object) -> str:
    async def rows():
        yield ["first", value, "last"]

    return "".join([piece async for piece in csv_pieces(["a", "b", "c"], rows())])


async def cell(value: object) -> str:
    text = (await written(value)).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline="")))[1][1]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    "before", ["", "foo;", "foo; ", 'foo;"', "foo|", "foo\t", "a\r\nfoo\n", " "]
)
async def test_a_formula_is_a_text_wherever_a_cell_may_begin(before: str, sign: str):
    text = await written(f"{before}{sign}1+1")
    for separator in ",;|\t":
        for row in text.splitlines():
            for found in row.split(separator):
                assert not found.lstrip(' "\ufeff').startswith(tuple(SIGNS))


async def test_the_mark_stands_before_the_sign_and_nowhere_else():
    assert await cell("foo;=1+1") == "foo;'=1+1"
    assert await cell("\uff1d1+1") == "'\uff1d1+1"
    assert await cell("=1+1;2;-3") == "'=1+1;2;'-3"
    assert await cell("\t=1") == "'\t'=1"


@pytest.mark.parametrize(
    "text",
    ["Ada, Bo; the others", "a-b", "1 + 1 = 2", "me@campus.example", "two\nlines", "", "7;8"],
)
async def test_other_texts_stay_as_they_are(text: str):
    assert await cell(text) == text


async def test_long_texts_of_separators_take_no_time():
    started = time.process_time()
    await cell(" \n" * 20_000 + ";" * 20_000 + " " * 20_000)
    assert time.process_time() - started < 1


def test_every_export_is_written_here():
    writing = re.compile(r"csv\.(?:writer|DictWriter)|writerow")
    found = {path.name for path in SOURCES.rglob("*.py") if writing.search(path.read_text())}
    assert found == {"csv_files.py"}
