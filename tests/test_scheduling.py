"""Order of tasks, number of places, memory; and what a run of many books keeps together."""

import threading
import time

import pytest

from kreisbericht.display import Lines, State, as_display, say_duration
from kreisbericht.errors import ParameterError
from kreisbericht.limits import parse_memory
from kreisbericht.scheduling import Scheduler, Task
from kreisbericht.timings import Timings


class Record:
    """Tasks that note when they start and end."""

    def __init__(self) -> None:
        self.started, self.together, self.running = [], [], set()
        self.lock = threading.Lock()

    def task(self, name: str, seconds: float = 1.0, memory: int = 0, rank: tuple = (0,), group: str = "") -> Task:
        return Task(name, lambda spare: self.work(name), rank, seconds, memory, group)

    def work(self, name: str) -> str:
        with self.lock:
            self.started.append(name)
            self.running.add(name)
            self.together.append(set(self.running))
        time.sleep(0.02)
        with self.lock:
            self.running.discard(name)
        return name


def run(scheduler: Scheduler, **options) -> list:
    ended = []
    scheduler.run(lambda done: ended.append(done) or [], **options)
    return ended


def test_the_longest_task_starts_first_within_its_rank():
    record, scheduler = Record(), Scheduler(1)
    scheduler.add([record.task("kurz", 1), record.task("lang", 9), record.task("vorher", 0.1, rank=(-1,))])
    run(scheduler)
    assert record.started == ["vorher", "lang", "kurz"]


def test_no_more_tasks_run_at_once_than_there_are_places():
    record, scheduler = Record(), Scheduler(2)
    scheduler.add(record.task(f"{number}") for number in range(6))
    assert len(run(scheduler)) == 6
    assert max(map(len, record.together)) == 2


def test_tasks_that_need_more_memory_together_than_there_is_run_one_after_the_other():
    record, scheduler = Record(), Scheduler(3, memory=100)
    scheduler.add([record.task("a", memory=60), record.task("b", memory=60), record.task("c", memory=60)])
    run(scheduler)
    assert max(map(len, record.together)) == 1


def test_small_tasks_pass_a_large_one_that_waits_for_another_large_one():
    record, scheduler = Record(), Scheduler(2, memory=100)
    large = [record.task(name, memory=70, rank=(0,)) for name in ("Satz 1", "Satz 2")]
    scheduler.add([*large, record.task("Kapitel", memory=20, rank=(1,))])
    run(scheduler)
    assert record.started.index("Kapitel") < record.started.index("Satz 2")
    assert {"Satz 1", "Satz 2"} not in record.together


def test_a_task_larger_than_all_memory_still_runs_but_alone():
    record, scheduler = Record(), Scheduler(2, memory=100)
    scheduler.add([record.task("riesig", memory=500), record.task("klein", memory=10, rank=(1,))])
    run(scheduler)
    assert sorted(record.started) == ["klein", "riesig"]
    assert max(map(len, record.together)) == 1


def test_a_dropped_group_is_not_started_and_the_others_are():
    record, scheduler = Record(), Scheduler(1)

    def fail(spare: int) -> None:
        raise ValueError("kaputt")

    def finished(done) -> list:
        if done.error:
            scheduler.drop("Gotha")
        return []

    scheduler.add([Task("bricht ab", fail, (0,), group="Gotha"), record.task("Rest", rank=(1,), group="Gotha")])
    scheduler.add([record.task("anderer Kreis", rank=(2,), group="Sonneberg")])
    scheduler.run(finished)
    assert record.started == ["anderer Kreis"]


def test_more_is_asked_for_only_when_a_place_is_free():
    record, scheduler, asked = Record(), Scheduler(2), []

    def refill() -> list[Task] | None:
        if len(asked) == 5:
            return None
        asked.append(len(scheduler.running))
        return [record.task(f"{len(asked)}")]

    run(scheduler, refill=refill)
    assert len(record.started) == 5
    assert max(asked) < 2


@pytest.mark.parametrize(
    ("text", "size"),
    [("2GB", 2_000_000_000), ("1,5 G", 1_500_000_000), ("800mb", 800_000_000), ("3GiB", 3_000_000_000)],
)
def test_memory_is_read_in_the_ways_people_write_it(text, size):
    assert parse_memory(text) == size


@pytest.mark.parametrize("text", ["viel", "2", "", "-1GB", "2XB"])
def test_what_is_no_amount_of_memory_is_refused_in_german(text):
    with pytest.raises(ParameterError, match="Arbeitsspeicher"):
        parse_memory(text)


def test_durations_are_remembered_from_run_to_run(monkeypatch, tmp_path):
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path))
    timings = Timings.load()
    timings.note("kinderarmut", 4.0, 100)
    timings.save()
    again = Timings.load()
    again.note("kinderarmut", 2.0, 80)
    assert again.seconds("kinderarmut") == 3.0  # the mean of both runs
    assert again.memory("kinderarmut", 1) == 100  # the larger one
    assert again.memory("unbekannt", 7) == 7


def test_a_broken_record_of_durations_is_no_reason_to_stop(monkeypatch, tmp_path):
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path))
    (tmp_path / "zeiten.json").write_text('{"kinderarmut": "kaputt"', encoding="utf-8")
    assert Timings.load().known == {}


def test_without_a_terminal_every_finished_piece_is_one_line():
    lines = []
    as_display(lines.append).finish("haushalte", 2.61, State(done=3, total=40, left=63))
    assert lines == ["[ 3/40] haushalte (2,6 s, noch etwa 63 s)"]


def test_a_display_stays_the_display_it_is():
    display = Lines(print)
    assert as_display(display) is display


@pytest.mark.parametrize(("seconds", "words"), [(45.4, "45 s"), (119, "119 s"), (720, "12 min"), (7800, "2 h 10 min")])
def test_time_left_is_said_in_the_unit_that_suits_it(seconds, words):
    assert say_duration(seconds) == words
