"""The page in a real browser, where there is one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROBE = """
<script>
addEventListener("load", () => setTimeout(() => {
  const page = frames[0], doc = page.document;
  const wide = [...doc.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > page.innerWidth + 1
    && !e.closest("pre, .skip, svg, thead") && getComputedStyle(e).display !== "none");
  document.title = JSON.stringify({
    scroll: doc.documentElement.scrollWidth, width: page.innerWidth,
    sticking: wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 90)),
    scripts: doc.scripts.length, styled: page.getComputedStyle(doc.querySelector(".verdict")).borderTopWidth,
    buttons: doc.querySelectorAll("th button").length,
  });
  document.body.textContent = document.title;
}, 500));
</script>
"""


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser's program."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


def dump(chromium: str, page: Path, home: Path) -> str:
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    sized = ["--window-size=1500,1000", "--hide-scrollbars", "--virtual-time-budget=8000", "--dump-dom"]
    own = ["--allow-file-access-from-files", f"--user-data-dir={home}"]
    command = [chromium, *quiet, *sized, *own, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.mark.parametrize("width", [400, 1440])
def test_the_page_fits_runs_its_script_and_nothing_else(chromium: str, page_of, tmp_path: Path, width: int) -> None:
    (tmp_path / "report.html").write_text(page_of(hostile=True), "utf-8")
    frame = f'<iframe src="report.html" width="{width}" height="900" frameborder="0"></iframe>'
    (tmp_path / "frame.html").write_text(f"<!doctype html><body>{frame}{PROBE}", "utf-8")
    html = dump(chromium, tmp_path / "frame.html", tmp_path / "home")
    found = re.search(r"\{.*\}", html[html.index("<body") :])
    assert found is not None, html[-500:]
    seen = found[0]
    assert f'"scroll":{width},"width":{width},"sticking":[]' in seen
    assert '"styled":"4px"' in seen  # the style sheet passed the page's own content policy
    assert '"buttons":11' in seen  # so did the script
    assert '"scripts":1' in seen
