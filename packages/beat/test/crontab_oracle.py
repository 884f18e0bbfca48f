"""Says when crontabs fire, by walking through all minutes (or seconds) of a window with Python's zoneinfo.

Knows docs/dst.md and none of our code: fields come as plain lists of numbers, and each moment is tried by itself.
Reads one JSON text of windows and writes, for each, the instants of each of its specs.
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

UTC = timezone.utc
DAY = timedelta(days=1)


def matches(spec, moment):
    return (
        moment.second in spec["second"]
        and moment.minute in spec["minute"]
        and moment.hour in spec["hour"]
        and moment.day in spec["dayOfMonth"]
        and moment.month in spec["monthOfYear"]
        and moment.isoweekday() % 7 in spec["dayOfWeek"]
    )


def steps(start, end, step):
    while start < end:
        yield start
        start += step


def shown(zone, instant):
    """What clocks show at an instant, without saying which of two."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def rhythm(spec, clock):
    """Every instant at which clocks show a moment that matches."""
    return [instant for instant, moment in clock if matches(spec, moment)]


def fixed(spec, zone, moments, step):
    """Each moment that matches, once: when it is first shown, or where it never is, at the first instant after the gap."""
    return [first_instant(zone, moment, step) for moment in moments if matches(spec, moment)]


def first_instant(zone, moment, step):
    instant = moment.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if shown(zone, instant) == moment:
        return instant
    instant = moment.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while shown(zone, instant) < moment:
        instant += step
    return instant


def answers(window):
    zone = ZoneInfo(window["zone"])
    step = timedelta(seconds=window["step"])
    start, end = (datetime.fromisoformat(window[key]).replace(tzinfo=UTC) for key in ("from", "to"))
    clock = [(instant, shown(zone, instant)) for instant in steps(start, end, step)]
    # Clocks that are put forward skip moments, and they may be put forward before the window's first instant.
    first, last = shown(zone, start) - DAY, shown(zone, end) + DAY
    moments = list(steps(first, last, step))
    for spec in window["specs"]:
        is_rhythm = len(set(spec["hour"])) == 24
        instants = rhythm(spec, clock) if is_rhythm else fixed(spec, zone, moments, step)
        yield sorted({int(instant.timestamp()) for instant in instants if start <= instant < end})


json.dump([list(answers(window)) for window in json.load(sys.stdin)], sys.stdout)
