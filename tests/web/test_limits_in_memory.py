"""Counters of one process: swept seldom, right all the time."""

import time

from consult.web.limits import SweptMemory


def test_counters_in_memory_are_swept_now_and_then_and_judge_rightly_in_between() -> None:
    counters = SweptMemory()
    counters.timer.join()
    assert counters.acquire_entry("somebody", limit=1, expiry=1)
    counters.timer.join()
    sweeping = counters.timer
    for number in range(50):
        assert counters.acquire_entry(f"voter {number}", limit=1, expiry=60)
        assert not counters.acquire_entry(f"voter {number}", limit=1, expiry=60)
    assert counters.timer is sweeping
    time.sleep(1.1)
    assert counters.acquire_entry("somebody", limit=1, expiry=1)
