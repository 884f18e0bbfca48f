"""Celery's tasks of the bench, on the Redis of BENCH_REDIS_URL; every setting but these is Celery's own."""

import os

from celery import Celery

url = os.environ["BENCH_REDIS_URL"]
app = Celery("bench", broker=url, backend=url)


@app.task(name="bench.add")
def add(x, y):
    return x + y


@app.task(name="bench.one")
def one(*given):
    return 1


@app.task(name="bench.sum")
def total(values):
    return sum(values)
