from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotting.errors import BadLabels
from storage.formats.strict_json import DEEPEST, decode, parse, read_bytes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f, line 1, column 1: Expecting value"),
        ('[\n  {"a": 1,}\n]', "f, line 2, column 11: .*"),
        ("[1] 2", "f, line 1, column 5: Extra data"),
        ('{"text": "NaN", "fps":\n NaN}', "f, line 2, column 2: NaN is not JSON"),
        ("[-Infinity]", "f, line 1, column 2: -Infinity is not JSON"),
        ("[1e999]", "f: the number 1e999 is out of range"),
        ("[" + "1" * 5000 + "]", "f: a number has too many digits"),
        (
            '[{"video": "a"}, {"events": [{"frame": 1, "frame": 2}]}]',
            r"f, at \[1\]\.events\[0\]: key 'frame' stands twice",
        ),
        ('{"a": 1, "a": {"b": 1, "b": 2}}', "f, at the top: key 'a' stands twice"),
        ("[" * 100_000, f"f: lists or objects nested over {DEEPEST} deep"),
        ("[" * 60 + "]" * 60, f"f: lists or objects nested over {DEEPEST} deep"),
        ('{"a":' * 60 + "1" + "}" * 60, f"f: lists or objects nested over {DEEPEST} deep"),
    ],
)
def test_what_has_no_one_meaning_is_refused_with_its_place(text: str, message: str):
    with pytest.raises(BadLabels, match=f"^{message}"):
        parse(text, "f")


def test_nesting_up_to_the_limit_is_read():
    assert parse("[" * DEEPEST + "]" * DEEPEST, "f")


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf[]", b"[]\r\n", b" [ ] "])
def test_a_byte_order_mark_and_any_line_end_are_fine(data: bytes):
    assert parse(decode(data, "f"), "f") == []


@pytest.mark.parametrize("data", [b"\xff\xfe[\x00]\x00", "né".encode("latin-1")])
def test_other_encodings_are_refused_with_the_byte(data: bytes):
    with pytest.raises(BadLabels, match=r"f: not UTF-8 text \(byte 0x(ff|e9) at offset [01]\)"):
        decode(data, "f")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(BadLabels, match=rf"^{path}: (No such file|Is a directory)"):
            read_bytes(path)


@given(st.text())
def test_any_text_is_read_or_refused(text: str):
    with suppress(BadLabels):
        parse(text, "f")
