"""Records are shown with what they are about by its title."""

from quadrangle.hosts.one_machine.record_names import RecordNames


class People:
    async def of_actor(self, actor_id: str) -> str:
        return f"person {actor_id}"

    async def of_subject(self, kind: str, subject: str) -> str | None:
        return f"{kind} of {subject}"


async def _film(video_id: str) -> str | None:
    return {"7": "Optics 4"}.get(video_id)


NAMES = RecordNames(People(), {"video": _film})


async def test_what_a_service_keeps_is_called_by_its_title():
    assert await NAMES.of_subject("video.cut", "7") == "Optics 4"
    assert await NAMES.of_subject("video.deleted", "8") is None


async def test_all_others_are_people():
    assert await NAMES.of_subject("account.changed", "a") == "account.changed of a"
    assert await NAMES.of_actor("a") == "person a"
