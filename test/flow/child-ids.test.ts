/** Delivery, point 2: whatever a body had sent when its worker died, and in whatever order it is sent again, each child is one. */

import { type BoundTask, chain, chord, group, type Signature, Umbel } from "umbel";
import { testKit } from "umbel/testing";
import { describe, expect, it } from "vitest";

/** An application whose task `tasks.parent` makes calls: those of its nth run in the nth order. */
function familyOf(orders: readonly (readonly number[])[], crashAfter: number) {
  const app = new Umbel("tasks");
  const kit = testKit(app, { seed: 1, concurrency: 3 });
  const ran: { readonly id: string; readonly of: string | null; readonly root: string; readonly label: string }[] = [];
  const note = app.task({ name: "tasks.note", bind: true }, ({ request }, label: string) => {
    ran.push({ id: request.id, of: request.parentId, root: request.rootId, label });
    return label;
  });
  const join = app.task({ name: "tasks.join", bind: true }, ({ request }, labels: string[]) => {
    ran.push({ id: request.id, of: request.parentId, root: request.rootId, label: labels.join("+") });
    return labels.join("+");
  });
  /** Three calls, two of them equal; one by the bound task; and canvases of each kind. */
  const calls: readonly ((task: BoundTask) => Promise<unknown>)[] = [
    async () => await note.delay("plain"),
    async () => await note.delay("plain"),
    async (task) => await task.delay(note.s("bound")),
    async () => await chain(note.si("first"), note.si("second")).delay(),
    async (task) => await task.delay(group([note.si("left"), note.si("right")])),
    async () => await chord([note.si("one"), note.si("two")], join.s()).delay(),
    async () => await note.applyAsync(["later"], { countdown: 60 }),
  ];
  let runs = 0;
  const parent = app.task({ name: "tasks.parent", bind: true }, async (task) => {
    const order = orders[runs] ?? [];
    runs += 1;
    for (const [made, nth] of order.entries()) {
      if (runs === 1 && made === crashAfter) break;
      await calls[nth]?.(task);
    }
    if (runs === 1) kit.crash();
    return runs === 1 ? await new Promise<null>(() => undefined) : null;
  });
  return { app, kit, ran, parent, count: calls.length, runs: () => runs };
}

const labels = ["plain", "plain", "bound", "first", "second", "left", "right", "one", "two", "one+two", "later"];
const inOrder = [0, 1, 2, 3, 4, 5, 6];
const orders = [inOrder, inOrder.toReversed(), [3, 1, 6, 0, 5, 2, 4], [5, 4, 2, 1, 0, 6, 3]];

describe("a body that is run again after a crash", () => {
  it.each(orders.flatMap((again) => [0, 1, 2, 3, 5, 7].map((made) => ({ made, again }))))(
    "finds the children of its first run, of $made calls, when it calls in the order $again",
    async ({ made, again }) => {
      const { kit, ran, parent, runs } = familyOf([inOrder, again], made);
      await using _ = kit;

      const result = await parent.delay();
      await kit.settle();

      expect(runs()).toBe(2);
      expect(ran.map(({ label }) => label).toSorted(byText)).toEqual(labels.toSorted(byText));
      expect(new Set(ran.map(({ id }) => id)).size).toBe(labels.length);
      expect(ran.every(({ root }) => root === result.id)).toBe(true);
      expect((await result.meta())?.children).toHaveLength(7);
    },
  );

  it("gives two equal calls two ids, and a third one its own", async () => {
    const app = new Umbel("tasks");
    await using kit = testKit(app, { seed: 1 });
    const ids: string[] = [];
    const note = app.task("tasks.note", (text: string) => text);
    const same: Signature<[], string> = note.s("same");
    const parent = app.task("tasks.parent", async () => {
      for (const call of [note.delay("same"), note.delay("same"), same.delay(), same.delay()])
        ids.push((await call).id);
    });

    await parent.delay();
    await kit.settle();

    expect(new Set(ids).size).toBe(4);
  });

  it("keeps apart what two attempts send, and what two parents send", async () => {
    const app = new Umbel("tasks");
    await using kit = testKit(app, { seed: 1 });
    const ran: string[] = [];
    const note = app.task({ name: "tasks.note", bind: true }, ({ request }) => void ran.push(request.id));
    const parent = app.task({ name: "tasks.parent", bind: true }, async (task) => {
      await note.delay();
      if (task.request.retries === 0) task.retry({ countdown: 1 });
    });

    await parent.delay();
    await parent.delay();
    await kit.settle();

    expect(new Set(ran).size).toBe(4);
  });
});

function byText(one: string, other: string): number {
  return one.localeCompare(other);
}
