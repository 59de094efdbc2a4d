"""What the jobs of the video service are called."""

PROCESS = "video.process"  # {"videoId"}: it is this video's turn
LISTEN = "video.listen"  # {"videoId", "asked"}: write down what is said in it
# {"key"}: the files of a video or upload that is gone; with "original" only what was uploaded
REMOVE = "video.remove"
JOIN = "video.join"  # {"videoId"}: its film is wanted as one file
SHELVE = "video.shelve"  # {}: the time of some video to be published, or not any more
SWEEP = "video.sweep"  # {}: what crashes and waiting have left; asks for the next one
# {"after"?}: what crashes have left among the files, beyond a key; asks for the next one
TIDY = "video.tidy"
TELL = "video.tell"  # {"accountId"}: write them what was shared with them


def listening_to(video_id: int) -> str:
    """Return the name of the job that writes down what is said in a video."""
    return f"{LISTEN}:{video_id}"


def turn_of(video_id: int) -> str:
    """Return the name of the job of a video's turn."""
    return f"{PROCESS}:{video_id}"


def telling(account_id: str) -> str:
    """Return the name of the job that writes somebody what was shared with them."""
    return f"{TELL}:{account_id}"
