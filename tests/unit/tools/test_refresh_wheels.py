"""The program that makes the table of wheels from a package index."""

import functools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from click.testing import CliRunner

from tools.refresh_wheels import main, row

X86 = "manylinux_2_28_x86_64"


def files(*names: str, yanked: bool = False) -> list[dict[str, object]]:
    return [{"filename": f"thing-{name}.whl", "yanked": yanked} for name in names]


def test_first_and_last_releases_of_each_python() -> None:
    """Each Python's span begins with its first wheel, and ends where newer releases have none."""
    listed = files(
        f"1.0-cp38-cp38-{X86}",
        f"1.1-cp38-cp38-{X86}",
        f"1.1-cp311-cp311-{X86}",
        f"2.0-cp311-cp311-{X86}",
        f"2.0-cp312-cp312-{X86}",
    )
    assert row(listed) == {"cp38": "1.0..1.1", "cp311": "1.1..", "cp312": "2.0.."}


def test_one_wheel_for_all_that_come() -> None:
    """From an abi3 wheel on, Pythons without wheels of their own are covered too."""
    listed = files(f"1.0-cp38-cp38-{X86}", f"1.0-cp39-cp39-{X86}", f"2.0-cp39-abi3-{X86}")
    assert row(listed) == {"cp38": "1.0..1.0", "cp39": "1.0..", "abi3": "2.0.."}


def test_other_files_do_not_count() -> None:
    """Wheels for other systems and ABIs, pre-releases, sdists and yanked files are left out."""
    listed = [
        *files(f"1.0-cp311-cp311-{X86}"),
        *files("0.9-cp312-cp312-win_amd64", "0.9-cp312-cp312-musllinux_1_2_x86_64"),
        *files("0.9-cp312-cp312-manylinux_2_28_aarch64", f"0.9-cp313-cp313t-{X86}"),
        *files(f"2.0rc1-cp312-cp312-{X86}", f"0.9-pp310-pypy310_pp73-{X86}"),
        *files(f"0.8-cp310-cp310-{X86}", yanked=True),
        {"filename": "thing-0.5.tar.gz"},
        {"filename": "thing.whl"},
    ]
    assert row(listed) == {"cp311": "1.0.."}


def test_wheels_for_every_python_need_no_row() -> None:
    """Where one span holds for all, the table has nothing to say."""
    assert row(files("1.0-py3-none-any", "1.1-py2.py3-none-any")) == {}
    assert row([]) == {}


@contextmanager
def index(pages: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    """Serve pages as a package index does."""
    handler = functools.partial(_Handler, pages)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/simple"
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, pages: dict[str, list[dict[str, object]]], *args: object) -> None:
        self.pages = pages
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        listed = self.pages.get(self.path.strip("/").rpartition("/")[2])
        self.send_response(404 if listed is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"files": listed}).encode())

    def log_message(self, *args: object) -> None:
        pass


def test_the_table_is_rewritten(tmp_path: Path) -> None:
    """Rows are made anew, the header stays, and what needs no row any more is told."""
    table = tmp_path / "wheels.yaml"
    table.write_text("# Names.\nold: {cp38: 1.0..}\nthing: {cp38: 0.1..}\n")
    pages = {"thing": files(f"1.0-cp312-cp312-{X86}"), "old": files("2.0-py3-none-any")}
    with index(pages) as url:
        done = CliRunner().invoke(main, ["--index", url, "--tables", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert table.read_text() == "# Names.\nthing: {cp312: 1.0..}\n"
    assert "old needs no row" in done.output


def test_an_index_that_does_not_answer_is_one_error(tmp_path: Path) -> None:
    """A name that the index has not is told in one line, and the table stays."""
    table = tmp_path / "wheels.yaml"
    table.write_text("thing: {cp38: 0.1..}\n")
    with index({}) as url:
        done = CliRunner().invoke(main, ["--index", url, "--tables", str(tmp_path)])
    assert done.exit_code == 1
    assert done.output.startswith("error: ")
    assert table.read_text() == "thing: {cp38: 0.1..}\n"
    done = CliRunner().invoke(main, ["--index", "pypi", "--tables", str(tmp_path)])
    assert "`pypi` is not the URL of an index" in done.output
