"""The wheel holds the three packages and works away from the checkout."""

import pathlib
import shutil
import subprocess
import sys
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parent.parent


@pytest.mark.large
def test_the_wheel_works_outside_the_checkout(tmp_path):
    wheels, site, sources = (tmp_path / name for name in ("wheels", "site", "sources"))
    # A build leaves its own copy behind, which must not lie in the checkout.
    for name in ("mmtf", "pipelines", "export"):
        shutil.copytree(ROOT / name, sources / name)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", str(sources), "--no-deps", "--no-build-isolation"]
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
        "; print(mmtf.__file__, pipelines.__file__, export.__file__)"
        "; from mmtf.cli import main; sys.exit(main(['demo', 'out', '--rows', '20']))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count(str(site)) == 3
    assert (tmp_path / "out" / "manifest.csv").is_file()
