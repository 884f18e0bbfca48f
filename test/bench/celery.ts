/**
 * Celery as a contender: the worker of Debian's packages with two processes, on Redis.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { descendantsOf } from "../process-table.ts";
import { startChild } from "./child.ts";
import type { Running } from "./contender.ts";
import type { BenchRedis } from "./redis.ts";

const python = "/usr/bin/python3";

/** Celery's and its Redis client's version; undefined when either is missing. */
export function celeryVersion(): string | undefined {
  const program = "import celery, redis; print(f'{celery.__version__}, redis-py {redis.__version__}')";
  const { status, stdout } = spawnSync(python, ["-c", program], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** Starts Celery. */
export async function startCelery(redis: BenchRedis): Promise<Running> {
  const environment = {
    BENCH_REDIS_URL: redis.url(2),
    PYTHONPATH: "test/bench/programs",
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const command = ["-m", "celery", "-A", "celery_tasks", "worker", "-P", "prefork", "-c", "2"];
  const worker = startChild([python, ...command], environment);
  const producer = startChild([python, "test/bench/programs/celery_producer.py"], environment);
  // Its banner does not say that it is ready; the first answers do, of both of its processes.
  await producer.ask({ scenario: "roundTrips", count: 10 });
  const servants = [worker.pid, ...descendantsOf(worker.pid)];

  return {
    name: "celery",
    ask: producer.ask,
    servants,
    all: [...servants, producer.pid, redis.pid],
    async stop() {
      await producer.stop("SIGKILL");
      await worker.stop();
    },
  };
}
