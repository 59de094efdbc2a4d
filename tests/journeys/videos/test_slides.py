"""Slides of a lecture: their pictures on the line along the film, and in the list beside it."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, Visitor
from tests.journeys.videos.conftest import upload, wait_for
from tests.running import Campus

_SECONDS = 8  # each slide is shown for so long


@pytest.fixture(scope="session")
def slides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of three slides: red, green and blue with something drawn on each."""
    path = tmp_path_factory.mktemp("films") / "slides.mp4"
    shown = [
        f"color=c={colour}:s=640x360:r=25:d={_SECONDS},drawbox=x={at}:y=40:w=240:h=200:c=white:t=fill"
        for at, colour in ((20, "red"), (360, "green"), (180, "blue"))
    ]
    inputs = [word for each in shown for word in ("-f", "lavfi", "-i", each)]
    joined = ["-filter_complex", "[0:v][1:v][2:v]concat=n=3:v=1[v]", "-map", "[v]"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", *inputs, *joined, *coded, path], check=True
    )
    return path


@pytest.mark.deep
def test_slides_have_pictures_on_the_line_and_beside_the_film(
    server: Campus, student: Visitor, slides: Path
):
    token = server.sign_in()
    video_id = upload(server, token, slides, title="Three slides", visibility="public")
    wait_for(server, token, video_id)
    found = server.call("GET", f"/api/gallery/videos/{video_id}/chapters").json["slides"]
    assert found == pytest.approx([_SECONDS, 2 * _SECONDS], abs=1)
    page = student.open(f"/video?id={video_id}")
    page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
    page.get_by_role("tab", name="Chapters").click()
    rows = page.locator(".slide-cue")
    expect(rows).to_have_count(2)
    expect(rows.nth(1).locator(".thumbnail-sheet")).to_be_visible()
    student.check_accessibility()
    line = page.get_by_role("slider", name="Position")
    box = line.bounding_box()
    assert box is not None
    part = found[1] / (3 * _SECONDS)
    page.mouse.move(box["x"] + box["width"] * part + 3, box["y"] + box["height"] / 2)
    expect(page.locator(".seek-chapter")).to_have_text("Slide 3")
    expect(page.locator(".storyboard")).to_be_visible()
