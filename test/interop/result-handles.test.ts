/** Handles here and in an unmodified Python client, of the same results: groups, children, causes, states of a task's own. */

import type { Backend, RecordState, ResultMeta, ResultTuple } from "@umbel/protocol";
import { upstash, withAttempts } from "@umbel/upstash-redis";
import { children, restoreGroup, resultFromTuple, Umbel } from "umbel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listOf } from "../list-of.ts";
import { hasPythonCelery, runPython } from "../python-celery.ts";
import { hasRedisServer } from "../redis-server.ts";
import { serveStore, type ServedStore } from "../store.ts";

/** What any Python program does to use results; prints what it is shown. */
const beginning = `
import json, sys
from celery import Celery
from celery.result import AsyncResult, GroupResult, ResultSet, result_from_tuple
url, *ids = sys.argv[1:]
app = Celery(backend=url)
app.conf.result_extended = True
def show(*values): print(json.dumps(values), flush=True)
`;

describe.skipIf(!hasPythonCelery || !hasRedisServer)("an unmodified Python client", () => {
  let store: ServedStore;
  let backend: Backend;
  let app: Umbel;
  beforeAll(async () => {
    store = await serveStore("redis-server");
    backend = withAttempts(upstash(store.address)(() => undefined));
    app = new Umbel("tasks", { backend });
  });
  afterAll(() => store.stop());

  const python = (program: string, ...ids: readonly string[]) =>
    runPython(`${beginning}\n${program}`, [store.redisUrl ?? "", ...ids]);

  it("saves a group that we restore, and we wake for each of its results", async () => {
    const [group, a, b] = newIds();
    await python("GroupResult(ids[0], [AsyncResult(id, app=app) for id in ids[1:]], app=app).save()", group, a, b);
    const restored = await restoreGroup(app, group);

    const waiting = restored?.get({ timeout: 30 });
    await python('for id in ids: app.backend.store_result(id, {"id": id}, "SUCCESS")', a, b);

    expect(await waiting).toEqual([{ id: a }, { id: b }]);
    expect(String(restored)).toBe(`<GroupResult: ${group} [${a}, ${b}]>`);
  });

  it("restores a group that our handle saved, with its parent, and deletes it for both", async () => {
    const [group, parent, a, b] = newIds();
    const tuple: ResultTuple = [
      [group, [[parent, null], null]],
      [
        [[a, null], null],
        [[b, null], null],
      ],
    ];
    const handle = resultFromTuple(app, tuple);
    if ("save" in handle) await handle.save();
    await Promise.all([end(backend, resultOf(a, { result: 1 })), end(backend, resultOf(b, { result: 2 }))]);

    const shown = await python(
      `
group = GroupResult.restore(ids[0], app=app)
show(group.get(timeout=10), group.parent.id, [each.id for each in group.children], group.completed_count())
group.delete()
`,
      group,
    );

    expect(shown).toEqual([[[1, 2], parent, [a, b], 2]]);
    expect(await restoreGroup(app, group)).toBeUndefined();
  });

  it("has the children that we stored, and we those that it stored, groups among them", async () => {
    const [ours, theirs, child, group, member] = newIds();
    const sent: readonly ResultTuple[] = [
      [[child, null], null],
      [[group, null], [[[member, null], null]]],
    ];
    await end(backend, resultOf(ours, { children: sent }));

    const [shown] = await python(
      `
from celery.app.task import Context
result = AsyncResult(ids[0], app=app)
show([[type(each).__name__, each.id] for each in result.children])
request = Context(id=ids[1])
request._children = result.children
app.backend.store_result(ids[1], "top", "SUCCESS", request=request)
`,
      ours,
      theirs,
    );

    expect(shown).toEqual([
      [
        ["AsyncResult", child],
        ["GroupResult", group],
      ],
    ]);
    const had = await children(app.result(theirs));
    expect(had.map((each) => each.asTuple())).toEqual(sent);
  });

  it("makes a handle of what a task of ours has returned", async () => {
    const [id, inner] = newIds();
    await end(backend, resultOf(id, { result: [[inner, null], null] }));
    await end(backend, resultOf(inner, { result: 42 }));

    const shown = await python(
      "show(result_from_tuple(AsyncResult(ids[0], app=app).get(timeout=10), app=app).get(timeout=10))",
      id,
    );

    expect(shown).toEqual([[42]]);
  });

  it("raises a failure of ours that has a cause, and one of our own errors", async () => {
    const [caused, own] = newIds();
    const exc_cause = { exc_type: "RangeError", exc_message: ["too far"], exc_module: null };
    const failure = {
      exc_type: "MaxRetriesExceededError",
      exc_message: ["Can't retry"],
      exc_module: "celery.exceptions",
    };
    await end(backend, resultOf(caused, { status: "FAILURE", result: { ...failure, exc_cause } }), "FAILURE");
    const tooLarge = { exc_type: "MessageTooLargeError", exc_message: ["11 MB"], exc_module: "umbel" };
    await end(backend, resultOf(own, { status: "FAILURE", result: tooLarge }), "FAILURE");

    const shown = await python(
      `
for id in ids:
    try: AsyncResult(id, app=app).get(timeout=10)
    except Exception as error: show(type(error).__name__, str(error))
`,
      caused,
      own,
    );

    expect(shown).toEqual([
      ["MaxRetriesExceededError", "Can't retry"],
      ["MessageTooLargeError", "11 MB"],
    ]);
    await expect(app.result(caused).get()).rejects.toMatchObject({
      code: "MAX_RETRIES_EXCEEDED",
      cause: { message: "too far" },
    });
    await expect(app.result(own).get()).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE", message: "11 MB" });
  });

  it("sees a state of the task's own, and we see one of its", async () => {
    const [ours, theirs] = newIds();
    const fence = await claim(backend, ours);
    await backend.progress({ id: ours, fence, result: resultOf(ours, { status: "PROGRESS", result: { at: 1 } }) });

    const states = app.result(theirs).progress({ timeout: 30 });
    expect(await states.next()).toMatchObject({ value: { state: "PENDING" } });
    const following = listOf(states);
    const [shown] = await python(
      `
result = AsyncResult(ids[0], app=app)
show(result.state, result.info, result.ready())
app.backend.store_result(ids[1], {"at": 2}, "PROGRESS")
app.backend.store_result(ids[1], "done", "SUCCESS")
`,
      ours,
      theirs,
    );

    expect(shown).toEqual(["PROGRESS", { at: 1 }, false]);
    const seen = await following;
    expect(seen.at(-1)).toEqual({ state: "SUCCESS", info: "done" });
    expect(seen).toContainEqual({ state: "PROGRESS", info: { at: 2 } });
  });

  it("has of an extended result what we have of it", async () => {
    const [id] = newIds();
    const about = { name: "tasks.add", args: [2, 2], kwargs: {}, worker: "w@js", retries: 1, queue: "default" };
    await end(backend, resultOf(id, { ...about, date_done: "2026-01-01T12:00:00+00:00" }));

    const [shown] = await python(
      `
r = AsyncResult(ids[0], app=app)
show(r.name, r.args, r.kwargs, r.worker, r.retries, r.queue, r.date_done.isoformat())
`,
      id,
    );

    const { name, args, kwargs, worker, retries, queue } = (await app.result(id).meta()) ?? {};
    expect(shown).toEqual([name, args, kwargs, worker, retries, queue, "2026-01-01T12:00:00+00:00"]);
    expect(await app.result(id).dateDone()).toEqual(new Date("2026-01-01T12:00:00Z"));
    expect([await app.result(id).exists(), await app.result(crypto.randomUUID()).exists()]).toEqual([true, false]);
  });
});

/** Ids that no other test has, as many as any test needs. */
function newIds(): readonly [string, string, string, string, string] {
  return [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
}

async function claim(backend: Backend, id: string) {
  const answer = await backend.claim({ id, retries: 0, generation: 0, token: id, lease: 60, retention: 60 });
  if (answer.answer !== "run") throw new Error(`The claim was answered ${answer.answer}`);
  return answer.fence;
}

/** Runs a task to its end, as a worker does. */
async function end(backend: Backend, result: ResultMeta, state: RecordState = "SUCCESS"): Promise<void> {
  const id = result.task_id;
  const fence = await claim(backend, id);
  await backend.finish({ id, fence, state, result, effects: [], retention: 60, resultExpires: 60 });
}

function resultOf(id: string, about: Partial<ResultMeta> = {}): ResultMeta {
  return { status: "SUCCESS", result: null, traceback: null, children: [], date_done: null, task_id: id, ...about };
}
