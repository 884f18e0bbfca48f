/**
 * The whole of Umbel as processes: a gateway before a real Redis, and workers behind a relay, which a test can kill.
 *
 * @module
 */

import type { Umbel } from "umbel";
import { poll, type RunningProgram, runtimes } from "../running-program.ts";
import { type AtEnd, startChild } from "./child-program.ts";
import { type Journal, openJournal } from "./journal.ts";
import { type RedisProcess, startRedisProcess } from "./redis-process.ts";
import { type Relay, type RelayOptions, startRelay } from "./relay.ts";
import { stageApp, type StageSettings, type StageTasks, stageTasks } from "./stage-app.ts";

/** What a test may ask for. */
export interface StageOptions extends Partial<
  Pick<StageSettings, "brokerRetries" | "lease" | "pushTimeout" | "storeTimeout">
> {
  /** How many worker processes; 1 when absent. */
  readonly workers?: number;
  /** Seconds for which whoever stands between broker and workers waits for an answer; for ever when absent. */
  readonly relayPatience?: number;
  /** Gets each call of QStash's API that has been answered, before the caller has its answer. */
  readonly published?: RelayOptions["answered"];
}

/** A worker process, which can be replaced by another one. */
export interface WorkerProcess {
  /** Where it is; undefined while there is none. */
  readonly url: () => string | undefined;
  readonly pid: () => number;
  readonly output: () => string;
  /** kill -9. */
  readonly kill: () => void;
  /** SIGSTOP: it keeps its connections and answers nothing. */
  readonly freeze: () => void;
  /** SIGCONT. */
  readonly thaw: () => void;
  /** Starts it (again), and resolves once it listens. */
  readonly start: () => Promise<void>;
}

/** What a test holds. Everything ends with the test. */
export interface Stage {
  /** A producer in the test's own process. */
  readonly app: Umbel;
  readonly tasks: StageTasks;
  readonly settings: StageSettings;
  readonly journal: Journal;
  readonly redis: RedisProcess;
  readonly workers: readonly WorkerProcess[];
  /** Pushes, between broker and workers. */
  readonly pushes: Relay["passages"];
  /** Calls of QStash's API. */
  readonly calls: Relay["passages"];
}

/** Sets it up. */
export async function startStage(atEnd: AtEnd, options: StageOptions = {}): Promise<Stage> {
  const { workers: count = 1, relayPatience, published, ...set } = options;
  const [redis, journalRedis] = await Promise.all([startRedisProcess(atEnd), startRedisProcess(atEnd)]);
  const gateway = await startGateway(atEnd, redis.url);
  const workers: WorkerProcess[] = [];
  const balancer = await startRelay(atEnd, {
    targets: () => workers.flatMap((each) => each.url() ?? []),
    ...(relayPatience !== undefined && { patience: relayPatience }),
  });
  const publishing = await startRelay(atEnd, {
    targets: () => [gateway.qstashUrl],
    ...(published && { answered: published }),
  });
  const settings: StageSettings = {
    ...defaults,
    ...set,
    qstashUrl: publishing.url,
    restUrl: gateway.restUrl,
    workerUrl: balancer.url,
    journalUrl: journalRedis.url,
  };
  workers.push(...Array.from({ length: count }, () => workerProcess(atEnd, settings)));
  await Promise.all(workers.map(async (each) => await each.start()));
  const journal = openJournal(journalRedis.url);
  atEnd(() => journal.close());
  // Who asks in a test is patient: the gateway takes a moment to find a store again that has come back.
  const app = stageApp({ ...settings, storeTimeout: defaults.storeTimeout }, () => {});
  const between = { pushes: balancer.passages, calls: publishing.passages };
  return { app, tasks: stageTasks(app, journal), settings, journal, redis, workers, ...between };
}

const defaults = { brokerRetries: 30, lease: 60, storeTimeout: 10 } as const;

/** The program that users start. */
async function startGateway(atEnd: AtEnd, redisUrl: string): Promise<Pick<StageSettings, "qstashUrl" | "restUrl">> {
  const ports = ["--port", "0", "--rest-port", "0", "--data", ":memory:"];
  const gateway = startChild(atEnd, {
    command: [...runtimes.bun, "apps/gateway/src/main.ts", ...ports],
    environment: { REDIS_URL: redisUrl },
  });
  const [, qstashUrl = ""] = await gateway.until(/ QSTASH_URL=(\S+)/);
  const [, restUrl = ""] = await gateway.until(/UPSTASH_REDIS_REST_URL=(\S+)/);
  return { qstashUrl, restUrl };
}

function workerProcess(atEnd: AtEnd, settings: StageSettings): WorkerProcess {
  let program: RunningProgram | undefined;
  let url: string | undefined;
  const pid = (): number => program?.pid ?? 0;
  return {
    url: () => url,
    pid,
    output: () => program?.output() ?? "",
    kill() {
      url = undefined;
      program?.kill("SIGKILL");
    },
    freeze: () => void process.kill(pid(), "SIGSTOP"),
    thaw: () => void process.kill(pid(), "SIGCONT"),
    async start() {
      program = startPart(atEnd, settings, ["worker-process.ts"]);
      const [, port] = await program.until(/Started .*server: http:\/\/\S+?:(\d+)/, 60);
      url = `http://127.0.0.1:${port}`;
    },
  };
}

/** Starts a program of this folder, which learns the stage's settings. */
export function startPart(
  atEnd: AtEnd,
  settings: StageSettings,
  [file, ...args]: readonly [string, ...string[]],
): RunningProgram {
  return startChild(atEnd, {
    command: [...runtimes.bun, `test/processes/${file}`, ...args],
    environment: { UMBEL_STAGE: JSON.stringify(settings) },
  });
}

/** Waits until a condition holds; fails, naming it, when it does not within so many seconds. */
export async function eventually(condition: () => unknown, what: string, seconds = 100): Promise<void> {
  const holds = await poll(seconds, async () => Boolean(await condition()));
  if (!holds) throw new Error(`Not within ${seconds} s: ${what}`);
}
