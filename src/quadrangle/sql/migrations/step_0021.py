"""An index of the videos that staff took down: as small as that list is."""

_PLACE = {"sqlite": "instr", "postgresql": "strpos"}


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step for `sqlite` or `postgresql`."""
    mark = """'"taken_down":{'"""
    return [
        "CREATE INDEX gallery_videos_taken_down ON gallery_videos (id)"
        f" WHERE {_PLACE[dialect]}(more, {mark}) > 0"
    ]
