"""The attributes of VIA 3 projects: what they are called, and what their values mean."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from storage.formats.attributes import REST, as_texts, from_texts
from storage.formats.findings import Finding
from storage.formats.intake import Draft, Intake, seconds_of
from storage.formats.labelfile import AS_WRITTEN, Extra, FileClip, Json, NewLabel
from storage.formats.outgoing import Outgoing, as_written, first_written
from storage.formats.rules import is_name
from storage.formats.strict_json import a_list, an_object

TEXT, SELECT = 1, 4
ONE_OF = (3, SELECT)
"""Types of attributes whose value is the id of one option (radio buttons, a list to select from)."""
SEGMENT = "FILE1_Z2_XY0"
"""What an attribute belongs to: a stretch of time of the one file of a view."""
BESIDE = ("comment", "annotator")


def attribute_names(layout: Extra) -> list[str]:
    """What the attributes of a file that was read are called, by its `LabelFile.layout`."""
    table = layout.get("attribute") or an_object(layout.get("root")).get("attribute")
    return list(Attributes(an_object(table)).names.values())


class Attributes:
    """The attributes of a file as it stands (`table`), by id; `main` is that of the class.

    It is the one called `wanted`, else the first with options, else the first; None for no attributes.
    """

    def __init__(self, table: Extra, wanted: str | None = None) -> None:
        self.table = table
        self._wanted = wanted
        given = {key: an_object(one).get("aname") for key, one in table.items()}
        counts = Counter(map(str, given.values()))
        self.names = {
            key: str(name) if is_name(name) and counts[name] == 1 else key for key, name in given.items()
        }
        self.options = {
            key: an_object(an_object(one).get("options"))
            for key, one in table.items()
            if an_object(one).get("type") in ONE_OF
        }
        called = [key for key, name in self.names.items() if name == wanted]
        self.main = next(iter([*called, *self.options, *table]), None)

    def class_of(self, values: Extra) -> str | None:
        """The attribute that holds the class of an event with these values."""
        if self._wanted is not None:
            return self.main if self.main in values else None
        return next((key for key in [*self.options, *self.table, *values] if key in values), None)

    def text(self, key: str, value: Json) -> Json:
        """What a value means: the name of an option, or the text itself."""
        named = self.options.get(key, {}).get(value) if isinstance(value, str) else None
        return named if is_name(named) else value

    def value(self, key: str, text: str) -> str:
        """The value that means that text."""
        found = (option for option, name in self.options.get(key, {}).items() if name == text)
        return next(found, text)

    def with_ours(self, classes: Sequence[str]) -> "Attributes":
        """The same with the attributes that an export needs, and every class among the options of `main`."""
        table = {key: dict(an_object(one)) for key, one in self.table.items()}
        main = self.main or _free(table)
        table.setdefault(main, _attribute("event", SELECT))
        for name in (*BESIDE, REST):
            if name not in self.names.values():
                table[_free(table)] = _attribute(name, TEXT)
        if table[main].get("type") in ONE_OF:
            options = table[main]["options"] = dict(an_object(table[main].get("options")))
            for name in classes:
                if name not in options.values():
                    options[_free(options)] = name
        return Attributes(table, self._wanted)


def _free(table: Extra) -> str:
    return str(max((int(key) for key in table if key.isdecimal() and len(key) < 10), default=0) + 1)


def _attribute(name: str, kind: int) -> Extra:
    about = {"aname": name, "anchor_id": SEGMENT, "type": kind, "desc": ""}
    return about | {"options": {}, "default_option_id": ""}


def is_event(entry: Extra) -> bool:
    """Whether metadata are an event: at a time, and no region of the picture."""
    return bool(entry.get("z")) and not entry.get("xy")


def draft(entry: Extra, attributes: Attributes, name: str) -> Draft:
    """An event as VIA's metadata hold it; begins of segments and still frames alike."""
    values = an_object(entry.get("av"))
    key = attributes.class_of(values)
    known = {
        attributes.names.get(one, one): attributes.text(one, value)
        for one, value in values.items()
        if one != key
    }
    texts = {one: value for one, value in known.items() if isinstance(value, str)}
    told = {one: value for one, value in known.items() if one not in texts} | from_texts(texts, name)
    comment, annotator = (told.pop(one, None) for one in BESIDE)
    times = a_list(entry.get("z"))
    return Draft(
        label=None if key is None else attributes.text(key, values[key]),
        at=seconds_of(next(iter(times), None), what="temporal coordinate"),
        comment=comment,
        annotator=annotator,
        extra=told | {AS_WRITTEN: {"z": times, "id": entry.get("id"), "attribute": key}},
    )


def others_noted(others: Extra, clip: str, intake: Intake) -> None:
    """Tell how many metadata are no events."""
    if others:
        message = f"{len(others)} regions and notes without a time are no events: they go out as they came"
        intake.findings.append(Finding("noted", clip, message))


def entry(
    clip: FileClip, label: NewLabel, attributes: Attributes, out: Outgoing
) -> tuple[list[Json], dict[str, str]]:
    """Times and attribute values of a label; one from elsewhere lasts until the next picture."""
    ids = {name: key for key, name in attributes.names.items()}
    told = as_texts(label, ids.keys())
    values = {ids[name]: attributes.value(ids[name], text) for name, text in told.items()}
    before = first_written(label).get("attribute")
    key: str = before if before in attributes.table else str(attributes.main)
    times = as_written(label).get("z") or _times(clip, label, out)
    return times, {key: attributes.value(key, label.label)} | values


def _times(clip: FileClip, label: NewLabel, out: Outgoing) -> list[Json]:
    """From this picture to the next one; later times of a label that moved keep their distance."""
    start = Fraction(out.milliseconds(clip, label), 1000)
    before = [seconds_of(value) for value in first_written(label).get("z", ())]
    exact = [value for value in before if isinstance(value, Fraction)]
    if exact:
        return [round(float(start + value - exact[0]), 3) for value in exact]
    clock = out.clock(clip)
    lasting = clock.start(label.frame + 1) - clock.start(label.frame)
    return [float(start), round(float(start + lasting), 3)]
