"""Celery's producer of the bench: reads questions as lines of JSON, answers how many seconds it took."""

import json
import sys
import time

from celery import chain, chord, group
from celery_tasks import add, app, one, total


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def all_stored(ids):
    until_stored(ids[-1:])
    until_stored(ids)


def until_stored(ids):
    """Asks the store itself, as cheaply as can be: a result's key is written when the task has ended."""
    keys = [app.backend.get_key_for_task(id) for id in ids]
    while any(each is None for each in app.backend.client.mget(keys)):
        time.sleep(0.01)


def tasks(count, size):
    return [timed(lambda: all_stored([add.delay(i, i).id for i in range(count)]))]


def enqueue(count, size):
    return [timed(lambda: [add.apply_async((i, i), queue="parked") for i in range(count)])]


def batches(count, size):
    def batch():
        group([add.s(i, i).set(queue="parked") for i in range(size)]).apply_async()

    return [timed(lambda: [batch() for _ in range(count // size)])]


def round_trips(count, size):
    return [timed(lambda: add.delay(i, i).get(timeout=600)) for i in range(count)]


def chained(count, size):
    def work():
        chain(add.s(0, 1), *[add.s(1) for _ in range(size - 1)]).delay().get(timeout=600)

    return [timed(work) for _ in range(count)]


def collected(count, size):
    def work():
        chord([add.s(i, i) for i in range(size)])(total.s()).get(timeout=600)

    return [timed(work) for _ in range(count)]


def nested(count, size):
    """Chords of ten, so many deep, the body of each a chord again."""

    def canvas(depth):
        return chord([one.s() for _ in range(10)], one.s() if depth == 1 else canvas(depth - 1))

    return [timed(lambda: canvas(size).delay().get(timeout=600)) for _ in range(count)]


def send(count, size):
    return [timed(lambda: group([add.s(i, i) for i in range(count)]).apply_async())]


scenarios = {
    "tasks": tasks,
    "enqueue": enqueue,
    "batches": batches,
    "roundTrips": round_trips,
    "chain": chained,
    "chord": collected,
    "nested": nested,
    "send": send,
}

for line in sys.stdin:
    question = json.loads(line)
    seconds = scenarios[question["scenario"]](question["count"], question.get("size", 0))
    print(json.dumps({"seconds": seconds}), flush=True)
