"""Processes that write one database take turns."""

import multiprocessing
import time
from multiprocessing.synchronize import Event
from pathlib import Path

from quadrangle.sql.base.process_lock import ProcessLock

TURNS = 300
HOLD_S = 0.001


def _greedy(database: str, begun: Event, over: Event) -> None:
    lock = ProcessLock(database)
    for _ in range(TURNS):
        with lock:
            begun.set()
            time.sleep(HOLD_S)
    over.set()


def test_whoever_wants_the_lock_again_at_once_lets_a_waiting_process_go_first(tmp_path: Path):
    spawn = multiprocessing.get_context("spawn")
    begun, over = spawn.Event(), spawn.Event()
    database = str(tmp_path / "quadrangle.db")
    greedy = spawn.Process(target=_greedy, args=(database, begun, over))
    greedy.start()
    begun.wait(60)
    lock, turns = ProcessLock(database), 0
    while not over.is_set():
        with lock:
            turns += 1
    greedy.join(60)
    # the kernel's lock alone gave a waiting process about one turn in a hundred
    assert turns >= TURNS // 2


def test_a_dead_holder_holds_nothing(tmp_path: Path):
    spawn = multiprocessing.get_context("spawn")
    database = str(tmp_path / "quadrangle.db")
    holder = spawn.Process(target=_take_and_keep, args=(database,))
    holder.start()
    holder.join(60)
    with ProcessLock(database):
        pass


def _take_and_keep(database: str) -> None:
    ProcessLock(database).__enter__()
