"""Names are bound and cells are typed: what that promises, whatever the author writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gapless.model import (
    AllOf,
    AnyOf,
    Between,
    BoolType,
    Compared,
    Constant,
    DateType,
    DecimalType,
    EnumerationType,
    Equals,
    IntType,
    IsMissing,
    IsPresent,
    Member,
    NoneOf,
    OptionalType,
    Policy,
    Scalar,
    ScalarType,
    Test,
    TextType,
)
from gapless.resolve import resolve
from gapless.resolve.calls import misfit
from gapless.resolve.conditions import possible
from gapless.resolve.faults import Fault
from gapless.resolve.files import in_order
from gapless.resolve.literals import read
from gapless.semantics import holds
from gapless.text.words import literal
from gapless_dsl import lexis
from gapless_dsl.diagnostic import Diagnostic, Edit, Repair
from gapless_dsl.lexis import quoted
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from gapless_dsl.suggest import nearest
from tests.amounts import so_many


def understood(files: Mapping[str, str]) -> tuple[tuple[Policy, ...], tuple[Diagnostic, ...]]:
    """Policies and all findings, those of reading included."""
    sources = {path: Source(path, text) for path, text in files.items()}
    read = [parse(source) for source in sources.values()]
    policies, found = resolve([document for document, _ in read], sources)
    return policies, (*(each for _, complaints in read for each in complaints), *found)


unhurried = settings(deadline=None)
"""Whole files are read, the first of them together with the grammar."""

# ---------------------------------------------------------------- values

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
FIGURES = st.integers(-(10**30), 10**30)


@st.composite
def enumerations(draw: st.DrawFn) -> EnumerationType:
    names = draw(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=6, unique=True))
    return EnumerationType("Kind", tuple(map(Member, names)))


@st.composite
def typed_values(draw: st.DrawFn) -> tuple[ScalarType, Scalar]:
    match draw(st.sampled_from(["member", "bool", "int", "decimal", "date", "text"])):
        case "member":
            kind = draw(enumerations())
            return kind, draw(st.sampled_from([member.name for member in kind.members]))
        case "bool":
            return BoolType(), draw(st.booleans())
        case "int":
            return IntType(), draw(FIGURES)
        case "decimal":
            digits = draw(st.integers(0, 8))
            return DecimalType(digits), Decimal(f"{draw(FIGURES)}E-{digits}")
        case "date":
            return DateType(), draw(st.dates())
        case _:
            return TextType(), draw(st.text(max_size=8))


@given(typed_values())
def test_a_value_reads_back_as_it_is_written(case: tuple[ScalarType, Scalar]) -> None:
    of, value = case
    written = value if isinstance(value, str) else literal(value)

    back = read(written, of)

    assert back == value
    assert type(back) is type(value)
    if isinstance(value, Decimal) and isinstance(of, DecimalType):
        assert isinstance(back, Decimal)
        assert back.as_tuple().exponent == -of.digits


@given(st.text(max_size=8), typed_values())
def test_a_word_is_a_value_of_its_type_or_is_told_why_not(
    word: str, case: tuple[ScalarType, Scalar]
) -> None:
    of, _ = case
    value = read(word, of)

    match value:
        case Fault(code, title, label, right):
            assert code in ("GAP011", "GAP021", "GAP022")
            assert title and label and "\n" not in (title if "\n" not in word else "")
            if right is not None and isinstance(of, EnumerationType):
                assert right in {lexis.word(member.name) for member in of.members}
        case _:
            assert read(value if isinstance(value, str) else literal(value), of) == value


@unhurried
@given(st.text(alphabet="ab\"\\\n|-. é[](),'", min_size=1, max_size=8))
def test_any_word_survives_being_quoted_in_a_file(word: str) -> None:
    text = f"""
table echo
  in  a : bool
  out b : text

  | unique | a || b |
  |--------|---||---|
  | all    | - || {quoted(word)} |
"""
    policies, found = understood({"a.dtable": text})

    assert found == ()
    assert policies[0].tables[0].rules[0].outcomes[0].value == Constant(word)


@pytest.mark.parametrize(
    ("typed", "of", "value"),
    [
        ("30_000", IntType(), 30_000),
        ("-5", IntType(), -5),
        ("-0", IntType(), 0),
        ("19", DecimalType(2), Decimal("19.00")),
        ("4.9", DecimalType(2), Decimal("4.90")),
        ("1_000.5", DecimalType(1), Decimal("1000.5")),
        ("2024-02-29", DateType(), date(2024, 2, 29)),
        ("77387", TextType(), "77387"),
        ("yes", BoolType(), True),
    ],
)
def test_words_that_are_values(typed: str, of: ScalarType, value: Scalar) -> None:
    assert repr(read(typed, of)) == repr(value)


@pytest.mark.parametrize(
    ("typed", "of", "code"),
    [
        ("5.0", IntType(), "GAP021"),
        ("1e3", IntType(), "GAP021"),
        ("٣", IntType(), "GAP021"),
        ("3_", IntType(), "GAP021"),
        ("_3", IntType(), "GAP021"),
        ("+3", IntType(), "GAP021"),
        ("9" * 5000, IntType(), "GAP022"),
        ("31", IntType(0, 30), "GAP022"),
        ("-1", IntType(0, 30), "GAP022"),
        ("4.905", DecimalType(2), "GAP022"),
        ("4.900", DecimalType(2), "GAP022"),
        ("NaN", DecimalType(2), "GAP021"),
        ("Infinity", DecimalType(2), "GAP021"),
        ("1e3", DecimalType(2), "GAP021"),
        (".5", DecimalType(2), "GAP021"),
        ("5.", DecimalType(2), "GAP021"),
        ("2026-2-1", DateType(), "GAP021"),
        ("20260201", DateType(), "GAP021"),
        ("2026-W01-1", DateType(), "GAP021"),
        ("2026-02-30", DateType(), "GAP021"),
        ("2019-12-31", DateType(low=date(2020, 1, 1)), "GAP022"),
        ("true", BoolType(), "GAP021"),
        ("1", BoolType(), "GAP021"),
    ],
)
def test_words_that_are_none(typed: str, of: ScalarType, code: str) -> None:
    fault = read(typed, of)

    assert isinstance(fault, Fault)
    assert fault.code == code


# ---------------------------------------------------------------- spelling


@given(NAMES, st.lists(NAMES, max_size=6))
def test_a_suggestion_is_among_the_known(word: str, known: list[str]) -> None:
    near = nearest(word, known)

    assert near is None or near in known


@given(st.lists(NAMES, min_size=1, max_size=6))
def test_a_known_word_is_nearest_to_itself(known: list[str]) -> None:
    assert all(nearest(word, known) == word for word in known)


@given(st.from_regex(r"[a-z]{5,9}", fullmatch=True), st.data())
def test_two_neighbors_swapped_are_put_right(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    slip = word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    assert nearest(slip, [word, "entirely_else"]) == word


@pytest.mark.parametrize("code", ["77386", "77378", "7738", "773877", "G6001"])
def test_codes_that_differ_in_a_digit_are_two_codes(code: str) -> None:
    assert nearest(code, ["77387", "G6002"]) is None


def test_where_two_words_are_as_near_neither_is_suggested() -> None:
    assert nearest("hime", ["home", "hide"]) is None


# ---------------------------------------------------------------- types and tests, by counting

SMALL: list[ScalarType] = [
    BoolType(),
    *(IntType(low, high) for low in range(3) for high in range(low, 4)),
    *(DecimalType(1, Decimal(low) / 10, Decimal("0.4")) for low in range(3)),
    DecimalType(2, Decimal("0.10"), Decimal("0.20")),
    *(DecimalType(1, Decimal("0.0"), Decimal(high)) for high in ("1.9", "2.0", "3.0")),
    EnumerationType("A", (Member("a"), Member("b"))),
    EnumerationType("B", (Member("b"), Member("a"), Member("c"))),
    EnumerationType("C", (Member("a"), Member("b")), is_ordered=True),
    EnumerationType("D", (Member("a"), Member("c"), Member("b")), is_ordered=True),
    EnumerationType("E", (Member("b"), Member("a"), Member("c")), is_ordered=True),
    DateType(date(2026, 1, 1), date(2026, 1, 3)),
    DateType(date(2026, 1, 2), date(2026, 1, 3)),
]


def every(of: ScalarType | OptionalType) -> list[tuple[str, Scalar | None]]:
    """Every value of a small type, with the kind of value it is: `1` is no `yes`, but is 1.0."""
    match of:
        case OptionalType(inner):
            return [("", None), *every(inner)]
        case BoolType():
            return [("bool", False), ("bool", True)]
        case EnumerationType(_, members):
            return [("word", member.name) for member in members]
        case IntType(int() as low, int() as high):
            return [("number", value) for value in range(low, high + 1)]
        case DecimalType(digits, Decimal() as low, Decimal() as high):
            step = Decimal(1).scaleb(-digits)
            count = int((high - low) / step)
            return [("number", low + step * i) for i in range(count + 1)]
        case DateType(low, high):
            days = (high - low).days
            return [("date", low + timedelta(i)) for i in range(days + 1)]
    raise AssertionError(of)


@pytest.mark.parametrize("optional", [(False, False), (False, True), (True, False), (True, True)])
def test_a_type_fits_where_all_its_values_do(optional: tuple[bool, bool]) -> None:
    for given_of in SMALL:
        for wanted_of in SMALL:
            given_type = OptionalType(given_of) if optional[0] else given_of
            wanted = OptionalType(wanted_of) if optional[1] else wanted_of

            fits = misfit(given_type, wanted) is None

            assert fits == (
                set(every(given_type)) <= set(every(wanted)) and agree(given_of, wanted_of)
            )


def agree(one: ScalarType, other: ScalarType) -> bool:
    """Whether no two values that both types order are ordered in two ways."""
    match one, other:
        case EnumerationType(is_ordered=True), EnumerationType(is_ordered=True):
            shared = [member for member in one.members if member in other.members]
            return shared == [member for member in other.members if member in shared]
    return True


@st.composite
def some_tests(draw: st.DrawFn, of: ScalarType) -> Test:
    """A test whose values all belong to `of`."""
    some = st.sampled_from([value for _, value in every(of)])
    value = draw(some)
    assert value is not None
    single: Test = Equals(value)
    if isinstance(of, IntType | DecimalType | DateType) and draw(st.booleans()):
        low, high = draw(some | st.none()), draw(some | st.none())
        assert not isinstance(low, str) and not isinstance(high, str)
        single = Between(low, high, draw(st.booleans()), draw(st.booleans()))
    match draw(st.integers(0, 2)):
        case 0:
            return single
        case 1:
            return AnyOf((single, draw(some_tests(of))))
        case _:
            return NoneOf((single, draw(some_tests(of))))


@given(st.data(), st.sampled_from(SMALL), st.booleans())
def test_a_test_is_possible_if_some_value_passes_it(
    data: st.DataObject, scalar: ScalarType, optional: bool
) -> None:
    test, of = data.draw(some_tests(scalar)), OptionalType(scalar) if optional else scalar
    absent, present = IsMissing(), IsPresent()
    also: list[Test] = [absent, present, AnyOf((absent, test)), NoneOf((test, absent))]
    test = data.draw(st.sampled_from([test, *(also if optional else ())]))

    assert possible(test, of) == any(holds(test, value) for _, value in every(of))


@given(st.data(), st.sampled_from(SMALL))
def test_how_a_value_stands_to_another_column_makes_no_test_impossible(
    data: st.DataObject, of: ScalarType
) -> None:
    test = data.draw(some_tests(of).filter(lambda test: isinstance(test, Between | AnyOf)))
    assert isinstance(test, Between | AnyOf)
    compared = Compared("<", "other")

    assert possible(compared, of)
    assert possible(AllOf((test, compared)), of) == possible(test, of)


def test_some_text_is_always_another() -> None:
    assert possible(NoneOf((Equals("a"), Equals("b"))), TextType())


@unhurried
@given(st.integers(1, 6).map(lambda many: [f"m{i}" for i in range(many)]), st.data())
def test_a_condition_cell_means_what_its_parts_say(members: list[str], data: st.DataObject) -> None:
    """Whatever is not refused: the cell is read by hand, and compared value by value."""
    words = st.lists(st.sampled_from([*members, "missing"]), unique=True, max_size=3)
    either, neither = data.draw(words), data.draw(words)
    assume(either or neither)
    cell = ", ".join(either)
    if neither:
        cell += f"{', ' if either else ''}not {', '.join(neither)}"
    lines = "\n  ".join(members)
    text = f"""
type Kind
  {lines}

table pick
  in  kind : optional Kind
  out good : bool

  | unique | kind   || good |
  |--------|--------||------|
  | one    | {cell} || yes  |
"""

    def passes(value: str | None) -> bool:
        word = "missing" if value is None else value
        rest = bool(neither) and value is not None and word not in neither
        return word in either or rest

    values = [None, *members]
    policies, found = understood({"a.dtable": text})

    codes = {each.code for each in found}
    if neither and "missing" not in (*either, *neither):
        assert codes == {"GAP024"}
    elif not any(map(passes, values)):
        assert codes == {"GAP023"}
    else:
        assert codes == set()
        test = policies[0].tables[0].rules[0].conditions[0].test
        assert [holds(test, value) for value in values] == [passes(value) for value in values]


# ---------------------------------------------------------------- order


@given(st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=3), max_size=8))
def test_what_is_needed_comes_first_but_in_a_cycle(graph: dict[int, list[int]]) -> None:
    needs = {key: [each for each in wanted if each in graph] for key, wanted in graph.items()}

    ordered, cycles = in_order(needs, needs.__getitem__)

    assert sorted(ordered) == sorted(needs)
    closing = {(cycle[-1], cycle[0]) for cycle in cycles}
    for key, wanted in needs.items():
        for each in wanted:
            assert ordered.index(each) < ordered.index(key) or (key, each) in closing
    for cycle in cycles:
        assert all(other in needs[one] for one, other in pairwise((*cycle, cycle[0])))


def test_a_chain_of_tables_may_be_longer_than_the_stack() -> None:
    def table(number: int) -> str:
        answer = "a" if number == 0 else f"t{number - 1}(a)"
        head = f"table t{number}\n  in a : bool\n  out b : bool\n"
        return f"{head}\n  | unique | a || b |\n  |---|---||---|\n  | all | - || {answer} |\n"

    text = "\n".join(table(number) for number in range(1500, -1, -1))

    policies, found = understood({"a.dtable": text})

    assert found == ()
    assert len(policies[0].tables) == 1501


# ---------------------------------------------------------------- mistakes

CODES = """
type Zone = home "Domestic" | world "Everywhere else" | moon
type Note = signed | bulky

table weight_band
  in  weight : int 0..30_000
  out band   : Band

  | unique | weight  || band  |
  |--------|---------||-------|
  | small  | ..5_000 || light |
  | large  | > 5000  || heavy |

type Band = light | heavy
"""

PARCEL = """
policy parcel "What a parcel costs"

use "codes.dtable"

source tariff "Carrier tariff, 2026 edition"
  weights "Weights and prices"
  limits

type Service = normal | express
type Days    = int 1..9

table fee "The fee for one parcel"
  in  weight  : int 0..30_000
  in  zone    : Zone
  in  service : Service
  in  since   : date 2020-01-01..
  in  insured : optional decimal(2) 0..
  let band    = weight_band(weight)
  out price   : decimal(2) 0..
  out days    : optional Days
  out notes   : set of Note

  | unique | band  | zone       | service | insured        | since        || price | days    | notes  || because                     |
  |--------|-------|------------|---------|----------------|--------------||-------|---------|--------||-----------------------------|
  | small  | light | home       | -       | -              | -            || 4.90  | 1       | []     || [weights]                   |
  | dear   | heavy | home, moon | express | missing, < 100 | 2026-01-01.. || 19    | missing | signed || inferred: table 2 [weights] |
  | never  | heavy | world      | express | present        | -            || impossible                || not sold [tariff.limits]    |
  | otherwise                                                             || 25    | 5       | bulky  || the last line [weights]     |

  example weight = 20, zone = home, service = normal, since = 2026-05-01, insured = missing
    gives price = 4.90, notes = []
"""

MISTAKES = {
    'use "codes.dtable"\n\n': ('use "codes.dtable"\nuse "./codes.dtable"\n\n', "GAP013"),
    "  limits\n\n": ("  limits\n  limits\n\n", "GAP013"),
    "normal | express": ("normal | express | normal", "GAP013"),
    "int 1..9": ("int 9..1", "GAP020"),
    "service : Service": ("service : Servcie", "GAP010"),
    "date 2020-01-01..": ("date 2020-01-41..", "GAP020"),
    "out price   : decimal(2)": ("out price   : decimal", "GAP020"),
    "| unique | band  | zone ": ("| unique | band  | zoen ", "GAP012"),
    "| dear   | heavy": ("| small  | heavy", "GAP013"),
    "| home       |": ("| hmoe       |", "GAP011"),
    "home, moon": ("home, home", "GAP031"),
    "missing, < 100": ("not 5         ", "GAP024"),
    "2026-01-01..": ("2026-1-1..  ", "GAP021"),
    "| 4.90 ": ("| 4.905", "GAP022"),
    "| missing |": ("| soon    |", "GAP021"),
    "| signed |": ("| singed |", "GAP011"),
    "[weights]                   |": ("[wieghts]                   |", "GAP301"),
    "not sold [tariff.limits]": ("[tariff.limit]          ", "GAP301"),
    "the last line [weights]": ("                       ", "GAP025"),
    "example weight = 20, ": ("example ", "GAP029"),
    "gives price = 4.90": ("gives prize = 4.90", "GAP029"),
}

HIDDEN = {
    "date 2020-01-01..": ["2026-01-01.."],
    "out price   : decimal(2)": ["| 4.90 "],
    "int 1..9": ["| missing |"],
    "| unique | band  | zone ": ["| home       |", "home, moon"],
}
"""What is not looked at while the column it stands in is not understood."""


def test_the_file_without_mistakes_has_none() -> None:
    policies, found = understood({"parcel.dtable": PARCEL, "codes.dtable": CODES})

    assert found == ()
    assert all(table.complete for policy in policies for table in policy.tables)


@unhurried
@given(st.sets(st.sampled_from(sorted(MISTAKES)), max_size=5))
def test_five_mistakes_are_five_findings(chosen: set[str]) -> None:
    chosen -= {hidden for right in chosen for hidden in HIDDEN.get(right, ())}
    text = PARCEL
    for right in sorted(chosen):
        assert text.count(right) == 1, right
        text = text.replace(right, MISTAKES[right][0])

    _, found = understood({"parcel.dtable": text, "codes.dtable": CODES})

    assert sorted(each.code for each in found) == sorted(MISTAKES[each][1] for each in chosen)


@pytest.mark.parametrize("right", sorted(MISTAKES))
def test_a_finding_stands_on_the_mistake(right: str) -> None:
    wrong = MISTAKES[right][0]
    text = PARCEL.replace(right, wrong)
    start = text.index(wrong)

    _, (found,) = understood({"parcel.dtable": text, "codes.dtable": CODES})

    assert _line(text, found.span.start) in range(
        _line(text, start), _line(text, start + len(wrong)) + 1
    )


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at)


@pytest.mark.parametrize("right", sorted(MISTAKES))
def test_a_mechanical_help_mends_what_it_was_given_for(right: str) -> None:
    text = PARCEL.replace(right, MISTAKES[right][0])
    _, (found,) = understood({"parcel.dtable": text, "codes.dtable": CODES})

    for help_ in found.helps:
        if help_.repair is Repair.MECHANICAL:
            mended = edited(text, help_.edits)

            assert understood({"parcel.dtable": mended, "codes.dtable": CODES})[1] == ()


def edited(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, key=lambda each: each.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@st.composite
def garbled(draw: st.DrawFn) -> str:
    """A file with some of its stretches dropped, doubled, or put where others were."""
    text = PARCEL
    for _ in range(draw(st.integers(1, 4))):
        pieces = draw(st.sampled_from(["\n", "|", " "]))
        parts = text.split(pieces)
        at, other = (draw(st.integers(0, len(parts) - 1)) for _ in range(2))
        match draw(st.integers(0, 2)):
            case 0:
                del parts[at]
            case 1:
                parts.insert(at, parts[other])
            case _:
                parts[at] = parts[other]
        text = pieces.join(parts)
    return text


@settings(max_examples=so_many(300), deadline=None)
@given(garbled(), st.booleans())
def test_whatever_is_written_is_answered_with_findings_in_place(text: str, both: bool) -> None:
    files = {"parcel.dtable": text, **({"codes.dtable": CODES} if both else {})}

    policies, found = understood(files)

    assert len(policies) == len(files)
    for each in found:
        places = [label.span for label in each.labels]
        places += [edit.span for help_ in each.helps for edit in help_.edits]
        assert places
        for place in places:
            assert 0 <= place.start <= place.end <= len(files[place.path])
        assert "\n" not in each.title
    for table in (table for policy in policies for table in policy.tables):
        for rule in table.rules:
            assert len(rule.conditions) == len(table.columns)
            assert len(rule.outcomes) in (0, len(table.outputs))


# ---------------------------------------------------------------- files


def test_a_call_holds_the_very_table_it_calls() -> None:
    policies, _ = understood({"parcel.dtable": PARCEL, "codes.dtable": CODES})

    parcel, codes = policies
    assert parcel.tables[0].lets[0].call.table is codes.tables[0]


def test_the_digest_is_of_the_text_and_not_of_the_machine() -> None:
    def digests(folder: str, parcel: str = PARCEL, codes: str = CODES) -> list[str]:
        files = {f"{folder}parcel.dtable": parcel, f"{folder}codes.dtable": codes}
        return [policy.digest for policy in understood(files)[0]]

    here = digests("")
    assert digests("/home/somebody/tables/") == here
    assert digests("../") == here
    assert digests("", parcel=PARCEL.replace("\n", "\r\n")) == here
    assert digests("", codes=CODES.replace("moon", "mars"))[0] != here[0]
    assert digests("", parcel=PARCEL.replace("4.90", "4.80"))[1] == here[1]


def test_a_section_counts_as_cited_by_the_files_that_use_it() -> None:
    policies, _ = understood({"parcel.dtable": PARCEL, "codes.dtable": CODES})

    assert policies[0].cited == {("tariff", "weights"), ("tariff", "limits")}


@pytest.mark.parametrize(
    ("path", "name"),
    [("tables/fee-2026.dtable", "fee_2026"), ("2026.dtable", "_2026"), ("a b.dtable", "a_b")],
)
def test_a_file_without_a_policy_line_is_called_by_its_name(path: str, name: str) -> None:
    policies, _ = understood({path: CODES})

    assert policies[0].name == name
