# SPDX-License-Identifier: MIT
"""Plays a twin on a clock that jumps to the next timer, so that the order of what it prints does
not depend on how busy the machine is:   python3 on_virtual_clock.py <twin>.py

Each look at the clock takes 100 ns, because on a real one no two times are equal: asyncio's heap
of timers keeps no order among equal ones.
"""
import runpy
import selectors
import sys
import time

A_LOOK = 1e-7
now = 0.0


def pass_time(seconds):
    global now
    now += seconds


def monotonic():
    pass_time(A_LOOK)
    return now


class JumpingSelector(selectors.DefaultSelector):
    def select(self, timeout=None):
        told = super().select(None if timeout is None else 0)
        if not told and timeout is not None:
            pass_time(max(timeout, 0))
        return told


time.monotonic = monotonic
time.sleep = pass_time
selectors.DefaultSelector = JumpingSelector
runpy.run_path(sys.argv[1], run_name="__main__")
