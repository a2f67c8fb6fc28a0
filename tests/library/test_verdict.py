"""What a result can be turned into."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

import mutualist as mu
from library.rooms import VECTORS, public_rooms

EXPECTED = json.loads((VECTORS / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def round_one():
    return mu.assess(mu.datasets.load_pumpenpuls(1))


@pytest.fixture(scope="module")
def three_parties():
    case = next(c for c in public_rooms() if len(c["room"]["parties"]) > 2)
    return mu.assess(mu.Room.from_dict(case["room"]))


def same(document, expected):
    """The parts of verdict/1 that the worked examples state."""
    found = {key: document[key] for key in expected}
    if "pairs" in found:
        found["pairs"] = {
            pair["pair"]: {key: value for key, value in pair.items() if key != "pair"}
            for pair in document["pairs"]
        }
    return found == expected


@pytest.mark.parametrize("name", EXPECTED)
def test_worked_examples(name):
    document = mu.assess(mu.read_room(VECTORS / name)).to_dict()
    assert document["schema"] == "verdict/1"
    assert same(document, EXPECTED[name])


@pytest.mark.parametrize("case", public_rooms(), ids=lambda case: case["id"])
def test_public_rooms(case):
    document = mu.assess(mu.Room.from_dict(case["room"])).to_dict()
    assert same(document, case["expect"])


def test_the_documented_order_of_keys(round_one):
    assert list(round_one.to_dict())[:16] == [
        "schema", "ruleset", "kind", "roles", "scores", "gates", "measures", "load", "red",
        "conflicts", "gaps", "mutual", "fired", "evidence", "findings", "pairs",
    ]  # fmt: skip
    assert json.loads(round_one.to_json()) == json.loads(json.dumps(round_one.to_dict()))


def test_verdict_fits_its_schema(round_one, three_parties):
    import jsonschema

    for one in (round_one, three_parties):
        jsonschema.validate(one.to_dict(), mu.verdict_schema())
    broken = round_one.to_dict() | {"kind": "friends"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, mu.verdict_schema())


def test_plain_values(round_one):
    assert round_one.kind == "supplier"
    assert round_one.roles == {"supplier": "B", "buyer": "A"}
    assert round_one.red_points == round_one.red == ("C1", "C3", "C9")
    assert repr(round_one) == ("<Verdict supplier: P 47 S 85 D 10 L 40, load 68, red C1 C3 C9>")
    assert pickle.loads(pickle.dumps(round_one)) == round_one
    with pytest.raises(AttributeError):
        round_one.kind = "logo"


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_frames(kind, round_one):
    import narwhals as nw

    for make in (round_one.explain, round_one.changes, round_one.to_frame):
        table, frame = make(), nw.from_native(make(kind=kind), eager_only=True)
        assert frame.implementation.value == kind
        assert frame.columns == table.columns
        assert frame.rows(named=True)[0] == dict(table[0])
        assert len(frame) == len(table)


def test_unknown_kinds_of_frame_are_refused(round_one):
    with pytest.raises(ValueError, match="pandas, polars, pyarrow"):
        round_one.explain(kind="spark")


def test_tables_need_no_library_and_serve_arrow(round_one):
    import pyarrow as pa

    table = round_one.explain()
    assert table.columns[:5] == ["rule", "finding", "points", "answers", "undo"]
    assert pa.table(table).num_rows == len(table)
    assert "pandas" not in table.to_list()
    assert mu.assess(mu.datasets.load_archetype("still_open")).changes().frame("polars") is not None


def test_reasons_of_the_kind_come_first(round_one):
    rows = [row for row in round_one.explain() if row["part"] == "rule"]
    assert [row["rule"] for row in rows][:5] == ["S1", "S2", "S3", "S5", "S6"]
    assert sum(row["points"] for row in rows if row["rule"].startswith("S")) == 85
    assert sum(
        r["points"] for r in round_one.explain() if r["part"] == "conflict"
    ) == pytest.approx(68, abs=0.5)
    assert rows[0]["answers"] == "5.1:B"
    assert rows[0]["undo"] == "give Tauwerk Sensorik GmbH a share of the revenue"
    german = round_one.explain("de")[0]
    assert (
        german["finding"]
        == "Tauwerk Sensorik GmbH wird von Nordwerk Pumpen AG bezahlt wie ein Lieferant."
    )


def test_ladder_of_the_worked_example(round_one):
    rows = round_one.changes()
    assert [(row["P"], row["S"], row["load"]) for row in rows] == [
        (57, 85, 68), (63, 25, 68), (64, 25, 68), (66, 25, 59), (66, 25, 50), (74, 25, 42),
    ]  # fmt: skip
    assert [row["result"] for row in rows][-1] == "true_partnership"
    assert len(round_one.changes(max_steps=2)) == 2


class Checker(HTMLParser):
    """Collects tags and what would leave the page."""

    def __init__(self):
        super().__init__()
        self.tags, self.outside, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.outside += [
            v for k, v in attrs if k in {"src", "href", "action"} or k.startswith("on")
        ]
        if tag not in {"meta", "rect", "line"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["de", "en"])
def test_html_stands_for_itself(lang, round_one, three_parties):
    for one in (round_one, three_parties):
        page = one.to_html(lang)
        checker = Checker()
        checker.feed(page)
        assert not checker.open
        assert not checker.outside
        assert "script" not in checker.tags
        assert checker.tags.count("svg") == 2
        assert f'<html lang="{lang}">' in page
        assert one.headline(lang) in page
        assert "prefers-color-scheme" in page


def test_texts_of_people_stay_text():
    document = mu.datasets.load_pumpenpuls(1).to_dict()
    document["parties"]["A"] = "<script>alert(1)</script> | *A*"
    document["frame"]["name"] = "</style><img src=x>"
    one = mu.assess(mu.Room.from_dict(document))
    for page in (one.to_html(), one._repr_html_()):
        assert "<script" not in page
        assert "<img" not in page
    row = next(line for line in one.to_markdown().splitlines() if line.startswith("| S1"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 6


def test_notebooks_get_a_card(round_one):
    bundle = round_one._repr_mimebundle_()
    assert bundle["text/plain"] == repr(round_one)
    card = bundle["text/html"]
    assert card.count("<svg") == 2
    assert "script" not in card
    assert "C1" in card
    assert "data-jp-theme-light" in card


@pytest.mark.parametrize("lang", ["de", "en"])
def test_documents_say_the_same(lang, round_one):
    from rich.console import Console

    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(round_one.to_rich(lang, explain=True, changes=True))
    texts = [
        round_one.to_markdown(lang, changes=True),
        console.export_text(),
        round_one.to_html(lang),
    ]
    for text in texts:
        flat = " ".join(text.split())
        assert round_one.headline(lang) in flat
        for row in [*round_one.explain(lang)][:6]:
            assert row["finding"] in flat
        for row in round_one.changes(lang=lang):
            assert row["move"] in flat
    console.file.close()


def test_rich_prints_a_verdict_by_itself(round_one):
    from io import StringIO

    from rich.console import Console

    stream = StringIO()
    Console(file=stream, width=100).print(round_one)
    assert "Supplier relationship" in stream.getvalue()
    assert "\x1b[" not in stream.getvalue()


def test_ascii_only_where_nothing_else_can_be_shown(round_one):
    from io import StringIO

    from rich.console import Console

    stream = StringIO()
    shown = round_one.to_rich("en", explain=True, changes=True, ascii_only=True)
    Console(file=stream, width=120).print(shown)
    kept = {char for char in stream.getvalue() if ord(char) > 127}
    # Dashes and quotes of sentences stay; the terminal replaces them when it must.
    assert kept <= set("–‘’“”…€")


@pytest.mark.parametrize("long", [False, True])
def test_pdf(long, round_one):
    raw = round_one.to_pdf("de", long=long)
    assert raw.startswith(b"%PDF")
    from io import BytesIO

    from pypdf import PdfReader

    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(raw)).pages)
    assert "Lieferbeziehung" in text


def test_citation_names_versions(round_one):
    entry = round_one.cite()
    assert entry.startswith("@software{")
    assert mu.__version__ in entry
    assert "2026.2" in entry
    assert entry.count("{") == entry.count("}")


def test_importing_the_package_loads_nothing():
    code = "import sys, mutualist; print(sorted(m for m in sys.modules if m.split('.')[0] in {'yaml','rich','django','narwhals','openpyxl','typer'} or m.startswith('mutualist.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_judging_needs_no_data_frame_library_and_no_django():
    code = (
        "import sys, mutualist as mu; v = mu.assess(mu.datasets.load_pumpenpuls(1));"
        "v.to_markdown(); v.to_html(); v.explain(); v.changes();"
        "print(sorted({m.split('.')[0] for m in sys.modules}"
        " & {'django', 'pandas', 'polars', 'pyarrow', 'numpy', 'narwhals', 'openpyxl', 'rich', 'typst'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names():
    for name in mu.__all__:
        assert getattr(mu, name) is not None
    assert set(mu.__all__) <= set(dir(mu))
    with pytest.raises(AttributeError, match="nothing_like_it"):
        mu.nothing_like_it  # noqa: B018
