"""In which order those that wait will have their turns."""

from collections.abc import Sequence

from quadrangle.videos.oversight.model import Seen, Waiting


def turn_order(waiting: Sequence[Waiting]) -> list[Seen]:
    """Return those that wait as the queue will call them up: of the owner whose last turn is
    longest ago the first upload, again and again."""
    queues: dict[str, list[Waiting]] = {}
    for each in sorted(waiting, key=lambda one: one.job_id):
        queues.setdefault(each.seen.video.user_id, []).append(each)
    served = {owner: theirs[0].served for owner, theirs in queues.items()}
    latest = max(served.values(), default=0)
    order: list[Seen] = []
    while queues:
        owner = min(queues, key=lambda one: (served[one], queues[one][0].job_id))
        order.append(queues[owner].pop(0).seen)
        latest += 1
        served[owner] = latest
        if not queues[owner]:
            del queues[owner]
    return order
