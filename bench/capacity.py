"""What a call of DynamoDB consumes on demand, by its published rules.

A write costs a unit per KB begun, twice in a transaction; each index whose entry changes costs a
unit per KB of the entry, and another when the entry moves. A read costs half a unit per 4 KB begun
of what was read, twice when consistent.
"""

from __future__ import annotations

import math
from typing import Any

Item = dict[str, Any]
# Of items that are counted and not fetched nothing is known but their number.
COUNTED_BYTES = 300


def item_size(item: Item) -> int:
    """Return the bytes DynamoDB counts for an item in its typed form."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(content)
        case "N":
            return min(21, len(content.strip("-").replace(".", "")) // 2 + 2)
        case "L":
            return 3 + sum(1 + _value_size(each) for each in content)
        case "M":
            return 3 + sum(1 + len(k.encode()) + _value_size(v) for k, v in content.items())
    return 1


def write_units(item: Item) -> int:
    return max(1, math.ceil(item_size(item) / 1024))


def read_units(size: int, *, consistent: bool) -> float:
    return max(1, math.ceil(size / 4096)) * (1.0 if consistent else 0.5)


class Index:
    """A secondary index: `keys` are its attributes, `kept` those in it, None for all."""

    def __init__(self, keys: list[str], kept: set[str] | None) -> None:
        self.keys = keys
        self.kept = kept

    def entry(self, item: Item | None) -> Item | None:
        """Return what the index has of an item, None when a key is missing."""
        if item is None or not all(key in item for key in self.keys):
            return None
        return {k: v for k, v in item.items() if self.kept is None or k in self.kept}

    def units(self, before: Item | None, after: Item | None) -> int:
        """Return what bringing the index from one item to the next consumes."""
        old, new = self.entry(before), self.entry(after)
        if old == new:
            return 0
        moved = old and new and any(old[key] != new[key] for key in self.keys)
        touched = [old, new] if moved else [new or old]
        return sum(write_units(each) for each in touched if each)


class Writes:
    """Adds up what writes consume; remembers items, as indexes depend on what was there before."""

    def __init__(self, tables: dict[str, dict[str, Any]]) -> None:
        """`tables` are descriptions by name, as create_table takes them."""
        self._keys = {n: [k["AttributeName"] for k in t["KeySchema"]] for n, t in tables.items()}
        self._indexes = {n: _indexes(t, self._keys[n]) for n, t in tables.items()}
        self._items: dict[tuple[str, str], Item] = {}
        self.stored = 0  # bytes that tables have grown by, with DynamoDB's own share of an item

    def put(self, table: str, item: Item, factor: int = 1) -> float:
        key = self._key(table, item)
        before, self._items[key] = self._items.get(key), item
        self.stored += _kept(item) - _kept(before)
        indexed = sum(index.units(before, item) for index in self._indexes[table])
        return factor * max(write_units(item), write_units(before or {})) + indexed

    def delete(self, table: str, key: Item, factor: int = 1) -> float:
        before = self._items.pop(self._key(table, key), None)
        self.stored -= _kept(before)
        indexed = sum(index.units(before, None) for index in self._indexes[table])
        return factor * write_units(before or {}) + indexed

    def _key(self, table: str, item: Item) -> tuple[str, str]:
        return table, repr([item[name] for name in self._keys[table]])


def _kept(item: Item | None) -> int:
    return 0 if item is None else item_size(item) + 100


def _indexes(table: dict[str, Any], keys: list[str]) -> list[Index]:
    found = []
    for index in table.get("GlobalSecondaryIndexes", []):
        own = [key["AttributeName"] for key in index["KeySchema"]]
        projection = index["Projection"]
        whole = projection["ProjectionType"] == "ALL"
        kept = None if whole else {*own, *keys, *projection.get("NonKeyAttributes", [])}
        found.append(Index(own, kept))
    return found
