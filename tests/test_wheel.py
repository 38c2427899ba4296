"""The wheel holds the three packages and works away from the checkout."""

import pathlib
import subprocess
import sys
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parent.parent


@pytest.mark.large
def test_the_wheel_works_outside_the_checkout(tmp_path):
    wheels, site = tmp_path / "wheels", tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", str(ROOT), "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(wheels)], check=True, cwd=tmp_path)
    (wheel,) = wheels.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
        archive.extractall(site)
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "mmtf", "pipelines", "export",
    }  # fmt: skip
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r}); import export, mmtf, pipelines"
        "; from mmtf.cli import main; main(['demo', 'out', '--rows', '20'])"
        "; print(mmtf.__file__, pipelines.__file__, export.__file__)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.stdout.count(str(site)) == 3, run.stderr
    assert (tmp_path / "out" / "manifest.csv").is_file()
