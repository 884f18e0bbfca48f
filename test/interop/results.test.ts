import type { Backend, FailureData, RecordState, ResultMeta } from "@umbel/protocol";
import { upstash, withAttempts } from "@umbel/upstash-redis";
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasPythonCelery, runPython } from "../python-celery.ts";
import { hasRedisServer } from "../redis-server.ts";
import { poll } from "../running-program.ts";
import { serveStore, type ServedStore } from "../store.ts";

/** What any Python program does to read a result; prints what it got or caught. */
const reading = `
import json, sys
from celery import Celery
from celery.result import AsyncResult, GroupResult
url, id = sys.argv[1:3]
app = Celery(backend=url)
def show(*values): print(json.dumps(values), flush=True)
`;

describe.skipIf(!hasPythonCelery || !hasRedisServer)("an unmodified Python client", () => {
  let store: ServedStore;
  let backend: Backend;
  beforeAll(async () => {
    store = await serveStore("redis-server");
    backend = withAttempts(upstash(store.address)(() => undefined));
  });
  afterAll(() => store.stop());

  const python = (program: string, id: string) => runPython(`${reading}\n${program}`, [store.redisUrl ?? "", id]);

  it("gets our value", async () => {
    const id = crypto.randomUUID();
    const value = { list: [1, 2.5, null, true], text: "æ 漢 🌼 \n", big: 2n ** 70n, nested: { deep: [] } };
    await end(backend, resultOf(id, "SUCCESS", value));

    const [shown] = await python(
      `
value = AsyncResult(id, app=app).get(timeout=10)
show(AsyncResult(id, app=app).state, value["text"], value["big"] == 2 ** 70, value["list"], value["nested"])
`,
      id,
    );

    expect(shown).toEqual(["SUCCESS", value.text, true, value.list, value.nested]);
  });

  it("raises our failure again, as the class that it names", async () => {
    const [own, foreign] = [crypto.randomUUID(), crypto.randomUUID()];
    await end(backend, failed(own, { exc_type: "ValueError", exc_message: ["no stock", 3], exc_module: "builtins" }));
    await end(backend, failed(foreign, { exc_type: "StripeError", exc_message: ["declined"], exc_module: null }));

    const program = `
try: AsyncResult(id, app=app).get(timeout=10)
except Exception as error: show(type(error).__name__, error.args, isinstance(error, ValueError), AsyncResult(id, app=app).traceback)
`;

    expect(await python(program, own)).toEqual([["ValueError", ["no stock", 3], true, traceback]]);
    expect(await python(program, foreign)).toEqual([["StripeError", ["declined"], false, traceback]]);
  });

  it("sees that a task waits for its retry, and why", async () => {
    const id = crypto.randomUUID();
    const result = { exc_type: "ConnectionError", exc_message: ["down"], exc_module: "builtins" };
    await end(backend, { ...resultOf(id, "RETRY", result), date_done: null }, "RETRY");

    const [shown] = await python(
      `
result = AsyncResult(id, app=app)
show(result.state, result.ready(), repr(result.info))
`,
      id,
    );

    expect(shown).toEqual(["RETRY", false, "ConnectionError('down')"]);
  });

  it("sees a task that was revoked before it ran", async () => {
    const id = crypto.randomUUID();
    const result = { exc_type: "TaskRevokedError", exc_message: ["revoked"], exc_module: "celery.exceptions" };
    await backend.settle([{ id, state: "REVOKED", result: resultOf(id, "REVOKED", result), retention: 60 }]);

    const [shown] = await python(
      `
from celery.exceptions import TaskRevokedError
try: AsyncResult(id, app=app).get(timeout=10)
except TaskRevokedError as error: show(AsyncResult(id, app=app).state, str(error))
`,
      id,
    );

    expect(shown).toEqual(["REVOKED", "revoked"]);
  });

  it("that is blocked in get() wakes when the task ends", async () => {
    const id = crypto.randomUUID();
    const got = python("show(AsyncResult(id, app=app).get(timeout=30))", id);
    await blocked(id);

    await end(backend, resultOf(id, "SUCCESS", 42));

    expect(await got).toEqual([[42]]);
  });

  it("restores a group that we saved", async () => {
    const [id, a, b] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    await backend.saveGroup(
      {
        id,
        tuple: [
          [id, null],
          [
            [[a, null], null],
            [[b, null], null],
          ],
        ],
      },
      60,
    );
    await Promise.all([end(backend, resultOf(a, "SUCCESS", 1)), end(backend, resultOf(b, "SUCCESS", 2))]);

    const [shown] = await python("show(GroupResult.restore(id, app=app).get(timeout=10))", id);

    expect(shown).toEqual([[1, 2]]);
  });

  it("forgets what we forget", async () => {
    const id = crypto.randomUUID();
    await end(backend, resultOf(id, "SUCCESS", 1));
    await backend.forget([id]);

    expect(await python("show(AsyncResult(id, app=app).state)", id)).toEqual([["PENDING"]]);
  });

  it("stores results that we read, and wakes whoever waits here", async () => {
    const [value, failure] = [crypto.randomUUID(), crypto.randomUUID()];
    const waiting = backend.wait(value, AbortSignal.timeout(50_000));

    await python('app.backend.store_result(id, {"total": 5}, "SUCCESS")', value);
    await python('app.backend.store_result(id, KeyError("shelf"), "FAILURE", traceback="Traceback")', failure);

    expect(await waiting).toMatchObject({ status: "SUCCESS", result: { total: 5 }, task_id: value });
    expect(await backend.read([failure])).toMatchObject([
      { status: "FAILURE", result: { exc_type: "KeyError", exc_message: ["shelf"], exc_module: "builtins" } },
    ]);
  });

  /** Resolves once Python has subscribed to the result and has read it in vain: from then on it only listens. */
  async function blocked(id: string): Promise<void> {
    const port = new URL(store.redisUrl ?? "").port;
    const redis = (...words: readonly string[]) => execFileSync("redis-cli", ["-p", port, ...words]).toString();
    const waits = await poll(60, () => {
      const subscribers = redis("PUBSUB", "NUMSUB", `celery-task-meta-${id}`).split("\n")[1];
      const hasRead = /cmd=m?get\b/.test(redis("CLIENT", "LIST"));
      return subscribers === "1" && hasRead;
    });
    if (!waits) throw new Error("Python never waited");
  }
});

const traceback = 'Traceback (most recent call last):\n  File "/srv/app.ts", line 3, in add\nError: no stock\n';

/** Runs a task to its end, as a worker does. */
async function end(backend: Backend, result: ResultMeta, state: RecordState = "SUCCESS"): Promise<void> {
  const id = result.task_id;
  const claim = await backend.claim({ id, retries: 0, generation: 0, token: id, lease: 60, retention: 60 });
  if (claim.answer !== "run") throw new Error(`The claim was answered ${claim.answer}`);
  await backend.finish({ id, fence: claim.fence, state, result, effects: [], retention: 60, resultExpires: 60 });
}

function resultOf(id: string, status: string, result: unknown): ResultMeta {
  const date_done = "2026-01-01T00:00:00.000000+00:00";
  return { status, result, traceback: null, children: [], date_done, task_id: id };
}

function failed(id: string, failure: FailureData): ResultMeta {
  return { ...resultOf(id, "FAILURE", failure), traceback };
}
