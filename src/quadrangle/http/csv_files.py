"""Long lists as CSV files that spreadsheets open as they are."""

import csv
import io
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


def _cell(value: object) -> str:
    """Return a cell; a text that a spreadsheet would run as a formula is kept a text."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
