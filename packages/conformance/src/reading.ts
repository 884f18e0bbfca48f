/**
 * What readers get, and when: results, groups, small texts.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import type { Backend, ResultMeta } from "@umbel/protocol";
import type { StartBackend } from "./backend-harness.ts";
import { eventually } from "./backend-harness.ts";
import { claimOf, fenceOf, finishOf, newId, resultOf, settleOf } from "./requests.ts";

/** Tests `read`, `wait`, `watch`, `watchGroup`, `forget`, `saveGroup`, `group`, `load` and `save`. */
export function describeReading(start: StartBackend): void {
  describe("read", () => {
    it("answers in the order of the question, with a gap where nothing is stored", async () => {
      const { backend } = await start();
      const [a, b] = [newId(), newId()];
      await backend.settle([settleOf(a, { result: resultOf(a) }), settleOf(b, { result: resultOf(b) })]);

      expect(await backend.read([b, newId(), a, b])).toEqual([resultOf(b), undefined, resultOf(a), resultOf(b)]);
      expect(await backend.read([])).toEqual([]);
    });
  });

  describe("wait", () => {
    it.each(["SUCCESS", "FAILURE", "REVOKED"])("answers %s at once when it is stored", async (status) => {
      const { backend } = await start();
      const id = newId();
      await backend.settle([settleOf(id, { result: resultOf(id, { status }) })]);

      expect(await backend.wait(id, soon())).toEqual(resultOf(id, { status }));
    });

    it("answers when the task ends, to everybody who waits", async () => {
      const { backend } = await start();
      const id = newId();
      const waits = Promise.all([backend.wait(id, soon()), backend.wait(id, soon())]);

      await end(backend, id);

      expect(await waits).toEqual([resultOf(id), resultOf(id)]);
    });

    it("answers when the task is settled", async () => {
      const { backend } = await start();
      const id = newId();
      const wait = backend.wait(id, soon());

      await backend.settle([settleOf(id, { result: resultOf(id) })]);

      expect(await wait).toEqual(resultOf(id));
    });

    it.each(["a, b", "a/b?c=d#e", "æ 漢 🌼", "a\nb\r\nc", "%41"])("answers for a task with the id %j", async (text) => {
      const { backend } = await start();
      const id = `${newId()} ${text}`;
      const wait = backend.wait(id, soon());

      await end(backend, id);

      expect(await wait).toEqual(resultOf(id));
    });

    it("waits through states that are not ready", async () => {
      const { backend } = await start();
      const id = newId();
      const wait = backend.wait(id, soon());
      const started = resultOf(id, { status: "STARTED" });
      const fence = fenceOf(await backend.claim(claimOf(id, { started })));
      await backend.progress({ id, fence, result: resultOf(id, { status: "PROGRESS" }) });
      await backend.finish(finishOf(id, fence, { state: "RETRY", result: resultOf(id, { status: "RETRY" }) }));

      await end(backend, id, 1);

      expect(await wait).toEqual(resultOf(id));
    });

    it("rejects with the signal's reason", async () => {
      const { backend } = await start();
      const reason = new Error("enough");
      const aborting = new AbortController();
      const wait = backend.wait(newId(), aborting.signal);
      aborting.abort(reason);

      await expect(wait).rejects.toBe(reason);
      await expect(backend.wait(newId(), AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });

  describe("watch", () => {
    it("shows what is stored, then each change, and ends with a ready state", async () => {
      const { backend } = await start();
      const id = newId();
      const states = backend.watch(id, soon())[Symbol.asyncIterator]();
      const [started, progress] = [
        resultOf(id, { status: "STARTED" }),
        resultOf(id, { status: "PROGRESS", result: 1 }),
      ];

      expect(await states.next()).toEqual({ done: false, value: undefined });
      const fence = fenceOf(await backend.claim(claimOf(id, { started })));
      expect(await states.next()).toEqual({ done: false, value: started });
      await backend.progress({ id, fence, result: progress });
      expect(await states.next()).toEqual({ done: false, value: progress });
      await backend.finish(finishOf(id, fence, { result: resultOf(id) }));
      expect(await states.next()).toEqual({ done: false, value: resultOf(id) });
      expect(await states.next()).toMatchObject({ done: true });
    });

    it("ends quietly when the signal aborts", async () => {
      const { backend } = await start();
      const aborting = new AbortController();
      const states = backend.watch(newId(), aborting.signal)[Symbol.asyncIterator]();
      await states.next();

      const last = states.next();
      aborting.abort();

      expect(await last).toMatchObject({ done: true });
    });

    it("shows nothing when the signal has aborted before", async () => {
      const { backend } = await start();

      const states = backend.watch(newId(), AbortSignal.abort())[Symbol.asyncIterator]();

      expect(await states.next()).toMatchObject({ done: true });
    });
  });

  describe("watchGroup", () => {
    it("asks to read first, and then shows each member as it ends", async () => {
      const { backend } = await start();
      const [group, a, b, c] = [newId(), newId(), newId(), newId()];
      const ends = backend.watchGroup(group, soon())[Symbol.asyncIterator]();
      const member = (id: string, about: Partial<ResultMeta> = {}) => resultOf(id, { group_id: group, ...about });

      expect(await ends.next()).toEqual({ done: false, value: undefined });
      const fence = fenceOf(await backend.claim(claimOf(a, { started: member(a, { status: "STARTED" }) })));
      await backend.progress({ id: a, fence, result: member(a, { status: "PROGRESS" }) });
      await backend.settle([settleOf(c, { result: resultOf(c, { group_id: newId() }) })]);
      await backend.settle([settleOf(b, { result: member(b, { status: "REVOKED" }) })]);
      await backend.finish(finishOf(a, fence, { result: member(a) }));

      expect(await endsIn(backend, ends, [b, a])).toEqual([member(b, { status: "REVOKED" }), member(a)]);
    });

    it("ends quietly when the signal aborts", async () => {
      const { backend } = await start();
      const aborting = new AbortController();
      const ends = backend.watchGroup(newId(), aborting.signal)[Symbol.asyncIterator]();
      await ends.next();

      const last = ends.next();
      aborting.abort();

      expect(await last).toMatchObject({ done: true });
    });
  });

  describe("forget", () => {
    it("deletes groups that were kept, in the same call", async () => {
      const { backend } = await start();
      const [group, a] = [newId(), newId()];
      await end(backend, a);
      await backend.saveGroup({ id: group, tuple: [[group, null], [[[a, null], null]]] }, 3600);

      await backend.forget([a], [group]);

      expect([await backend.read([a]), await backend.group(group)]).toEqual([[undefined], undefined]);
    });

    it("deletes texts that were kept, in the same call, so that others can be kept under their names", async () => {
      const { backend } = await start();
      const [a, kept, gone] = [newId(), newId(), newId()];
      await end(backend, a);
      const first = [kept, gone].map((name) => ({ name, text: "first" }));
      await backend.saveAll(first, 3600);

      await backend.forget([a], [], [gone, newId()]);
      await backend.saveAll([{ name: gone, text: "second" }], 3600);

      expect(await backend.read([a])).toEqual([undefined]);
      expect(await backend.loadAll([kept, gone])).toEqual(["first", "second"]);
    });

    it("takes results from readers and lets nothing run again", async () => {
      const { backend } = await start();
      const [a, b] = [newId(), newId()];
      await end(backend, a);
      await end(backend, b);

      await backend.forget([a, newId()]);
      await backend.forget([]);

      expect(await backend.read([a, b])).toEqual([undefined, resultOf(b)]);
      expect(await backend.claim(claimOf(a))).toMatchObject({ answer: "done" });
    });
  });

  describe("saveGroup", () => {
    it("keeps a group with its members in order", async () => {
      const { backend } = await start();
      const [id, parent, a, b] = [newId(), newId(), newId(), newId()];
      const tuple = [
        [id, [[parent, null], null]],
        [
          [[b, null], null],
          [[a, null], null],
        ],
      ] as const;

      await backend.saveGroup({ id, tuple }, 3600);

      expect(await backend.group(id)).toEqual({ id, tuple });
      expect(await backend.group(newId())).toBeUndefined();
    });

    it("keeps a group no longer than it says", async () => {
      const harness = await start();
      const id = newId();
      await harness.backend.saveGroup({ id, tuple: [[id, null], []] }, harness.moment);

      expect(
        await eventually(
          harness,
          () => harness.backend.group(id),
          (group) => !group,
        ),
      ).toBeUndefined();
    });
  });

  describe("save", () => {
    it("keeps a text under a name, exactly, until another is saved", async () => {
      const { backend } = await start();
      const name = newId();
      const text = `{"a":[1,"007",null]} \u0000 漢 ${name}`;

      await backend.save(name, "before", 3600);
      await backend.save(name, text, 3600);

      expect(await backend.load(name)).toBe(text);
      expect(await backend.load(newId())).toBeUndefined();
    });

    it.each(["", "123", "null", "OK"])("keeps the text %j a text", async (text) => {
      const { backend } = await start();
      const name = newId();
      await backend.save(name, text, 3600);

      expect(await backend.load(name)).toBe(text);
    });

    it("keeps a text no longer than it says", async () => {
      const harness = await start();
      const name = newId();
      await harness.backend.save(name, "text", harness.moment);

      const load = () => harness.backend.load(name);
      expect(await eventually(harness, load, (loaded) => loaded === undefined)).toBeUndefined();
    });
  });
}

/** A bound for waits, so that a test that waits in vain says so. */
function soon(): AbortSignal {
  return AbortSignal.timeout(50_000);
}

async function end(backend: Backend, id: string, retries = 0): Promise<void> {
  const result: ResultMeta = resultOf(id);
  const fence = fenceOf(await backend.claim(claimOf(id, { retries })));
  await backend.finish(finishOf(id, fence, { result }));
}

/** The ends of these members, in order: as they are shown, or as they are read where that is asked for. */
async function endsIn(
  backend: Backend,
  ends: AsyncIterator<ResultMeta | undefined>,
  ids: readonly string[],
): Promise<readonly (ResultMeta | undefined)[]> {
  const found = new Map<string, ResultMeta>();
  while (found.size < ids.length) {
    const { value, done } = await ends.next();
    if (done) break;
    const shown: readonly (ResultMeta | undefined)[] = value === undefined ? await backend.read(ids) : [value];
    for (const each of shown) if (each !== undefined) found.set(each.task_id, each);
  }
  return ids.map((id) => found.get(id));
}
