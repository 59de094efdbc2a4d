"""Long lists as CSV files that spreadsheets open as they are."""

import csv
import io
import re
from collections.abc import AsyncIterator, Sequence

MEDIA_TYPE = "text/csv"  # in UTF-8, as every text we answer with
_ROWS_AT_ONCE = 200
# Excel reads a file without it in the old character set of its machine.
_BYTE_ORDER_MARK = "\ufeff"


async def csv_pieces(
    columns: Sequence[str], rows: AsyncIterator[Sequence[object]]
) -> AsyncIterator[str]:
    """Return the text of the file, in pieces of some rows, as they are read."""
    buffer = io.StringIO()
    buffer.write(_BYTE_ORDER_MARK)
    writer = csv.writer(buffer)
    writer.writerow(columns)
    written = 0
    async for row in rows:
        writer.writerow([_cell(value) for value in row])
        written += 1
        if written % _ROWS_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


# What a spreadsheet runs, also behind spaces and quotes, where a cell begins. Some take a
# semicolon, a tab or a bar for the end of a cell, and then a line end for that of a row: they see
# no quotes within. The wide forms of the signs are as good as the narrow ones to some.
_ENDS = "\t\r\n\v\f\x85\u2028\u2029"
_FORMULA = re.compile(
    f"(^|[;|{_ENDS}])(?=(?:[\"']|(?![{_ENDS}])\\s)*[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212])"
)
_CUT_OFF = ("\t", "\r")


def _cell(value: object) -> str:
    """Return a cell; a text that a spreadsheet would run as a formula is kept a text."""
    text = _FORMULA.sub(r"\1'", "" if value is None else str(value))
    return "'" + text if text.startswith(_CUT_OFF) else text
