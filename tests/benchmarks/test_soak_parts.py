"""The parts of a soak that need no server."""

import io
import json
import random
import struct
import wave

import pytest
from PIL import Image

from benchmarks.payloads import make_media
from benchmarks.soak_malformed import GRPC_MALFORMED, REST_MALFORMED
from benchmarks.soak_media import BAD_MEDIA, endless_wav, png_bomb
from benchmarks.soak_memory import summarize
from benchmarks.soak_reload import Reloader
from benchmarks.soak_report import Report, format_report


@pytest.mark.parametrize(
    "bad", [b for b in BAD_MEDIA if b.weight >= 1], ids=lambda b: b.name
)
def test_bad_media_replace_a_part_of_a_row(bad):
    row = make_media(8000)

    spoiled = bad.spoil(random.Random(1), row)

    ((name, data),) = spoiled.items()
    assert data != row[name]
    assert spoiled == bad.spoil(random.Random(1), row)


def test_a_bomb_is_small_outside_and_large_inside():
    width, height = struct.unpack(">II", png_bomb()[16:24])

    assert width * height > 64_000_000
    assert len(png_bomb()) < 100_000


def test_an_endless_recording_claims_ten_hours():
    with wave.open(io.BytesIO(endless_wav())) as sound:
        assert sound.getnframes() / sound.getframerate() == 36000
    assert len(endless_wav()) < 100_000


@pytest.mark.large
def test_a_large_image_is_a_valid_one():
    (bad,) = [b for b in BAD_MEDIA if b.name == "50 MB image"]

    data = bad.spoil(random.Random(0), {})["image"]

    assert len(data) > 50_000_000
    assert Image.open(io.BytesIO(data)).size == (4100, 4100)


@pytest.mark.parametrize(
    "bad", (*GRPC_MALFORMED, *REST_MALFORMED), ids=lambda bad: bad.name
)
def test_malformed_requests_are_the_same_for_a_seed(bad):
    first, second = (
        bad.make(random.Random(3), "m", make_media(8000)) for _ in range(2)
    )

    assert isinstance(first, bytes)
    assert first == second
    assert bad.allowed


def test_growth_is_from_the_first_third_after_the_warm_up_to_the_last():
    samples = [10] * 10 + [100] * 10 + [500, *[103] * 9] + [900, *[110] * 9]

    series, growth = summarize([s * 1_000_000 for s in samples])

    assert growth == pytest.approx(0.1)
    assert (series[0], series[-1], len(series)) == (10.0, 110.0, 12)


def test_what_comes_and_goes_is_no_growth():
    samples = [100] * 12 + [100, 180, 180] * 6 + [180, 180, 100] * 6

    _, growth = summarize(samples)

    assert growth == 0


def test_reports_add_up_and_show_failures():
    total, other = Report(), Report()
    total.counts["good, gRPC"] = 2
    other.counts.update(["good, gRPC", "noise, REST"])
    other.fail("so it was")
    total += other

    text = format_report(total)

    assert "4 requests, 3 of them good" in text
    assert text.endswith("1 failures.\n  so it was")


def publish(status_file, *versions):
    statuses = [{"version": v, "state": "AVAILABLE"} for v in versions]
    status_file.write_text(json.dumps({"model_version_status": statuses}))


def test_versions_come_and_every_second_time_the_old_ones_go(tmp_path):
    base, status = tmp_path / "m", tmp_path / "status.json"
    (base / "1").mkdir(parents=True)
    (base / "1" / "saved_model.pb").write_bytes(b"x")
    report = Report()
    reloader = Reloader(str(base), status.as_uri(), 0, report)
    seen = []
    for version in ("2", "3"):
        reloader.tick()
        publish(status)
        reloader.tick()
        seen.append(sorted(p.name for p in base.iterdir()))
        publish(status, version)
        reloader.tick()
        seen.append(sorted(p.name for p in base.iterdir()))

    assert seen == [["1", "2"], ["1", "2"], ["1", "2", "3"], ["3"]]
    assert (base / "3" / "saved_model.pb").read_bytes() == b"x"
    assert report.counts.total() == 2
    assert not report.num_failures
