/**
 * What Celery's canvas vectors come to, rows 73 to 110: failures, errbacks and callbacks, retries, ignored results.
 *
 * @module
 */

import { chain, chord, group, GroupResult, restoreGroup, type ResultHandle } from "umbel";
import { expect } from "vitest";
import { immutable, type Vectors } from "./vectors-tasks.ts";
import type { Row } from "./vectors-values.ts";

const once = "what follows ends with the reason (delivery.md 14; semantics 14.6: Celery hangs)";
const enqueued = "an errback is a task that is sent, and gets the failure (delivery.md 17)";
const causes = "get() is of the body: its ChordError has the member's error as cause (Celery raises that one)";

/** What errbacks and callbacks of a row were called with. */
async function expectTold({ told }: Vectors, label: string, calls: readonly unknown[]): Promise<void> {
  await Promise.resolve();
  expect(told(label)).toEqual(calls);
}

const failure = (about: object) => [expect.objectContaining(about)];

/** Rows about what fails, and what is told of it. */
export const endings: readonly Row[] = [
  {
    number: "73",
    of: ({ boom }) => boom(),
    error: /ValueError: boom/,
    also: async (_, handle) => expect(await handle.state()).toBe("FAILURE"),
  },
  {
    number: "74",
    of: ({ boom, e }) => boom().linkError(e("74")),
    error: /ValueError: boom/,
    differs: enqueued,
    also: async (tasks) => await expectTold(tasks, "74", [failure({ excType: "ValueError", excMessage: "boom" })]),
  },
  {
    number: "75",
    of: ({ boom, e }) => boom().linkError(e("75")),
    error: /ValueError: boom/,
    differs: enqueued,
    also: async (tasks, { id }) => await expectTold(tasks, "75", [failure({ id })]),
  },
  {
    number: "76",
    of: ({ boom, e, app }) => boom().linkError(immutable(app, e("76"))),
    error: /ValueError: boom/,
    also: async (tasks) => await expectTold(tasks, "76", [[]]),
  },
  {
    number: "77",
    of: ({ add, boom }) => chain(add(1, 2), boom(), add(3)),
    error: /ValueError: boom 3/,
    also: async (_, handle) => expect(await handle.state()).toBe("FAILURE"),
  },
  {
    number: "78",
    of: ({ add, boom, e }) => chain(add(1, 2), boom(), add(3)).linkError(e("78")),
    error: /ValueError: boom 3/,
    also: async (tasks, { parent }) => await expectTold(tasks, "78", [failure({ id: parent?.id })]),
  },
  {
    number: "79",
    of: ({ add, boom, e }) => chain(add(1, 2).linkError(e("79")), boom(), add(3).linkError(e("79"))),
    error: /ValueError: boom 3/,
    also: async (tasks) => await expectTold(tasks, "79", []),
  },
  {
    number: "80",
    of: ({ add, boom, e }) => chain(add(1, 2), boom().linkError(e("80")), add(3)).linkError(e("80")),
    error: /ValueError: boom 3/,
    also: async (tasks, { parent }) => await expectTold(tasks, "80", [failure({ id: parent?.id })]),
  },
  {
    number: "81",
    of: ({ id, boom }) => group([id(1), boom(1), boom(2)]),
    error: /ValueError: boom 1/,
    also: async (_, handle) => expect(await handle.results?.[0]?.get()).toBe(1),
  },
  {
    number: "82",
    of: ({ id, boom }) => group([id(1), boom(), id(3)]),
    error: /ValueError: boom/,
    also: async (_, handle) => {
      expect(await handle.get({ propagate: false })).toEqual([
        1,
        expect.objectContaining({ excType: "ValueError" }),
        3,
      ]);
      expect(await (handle instanceof GroupResult ? handle.completedCount() : -1)).toBe(2);
      expect([await handle.successful(), await handle.failed()]).toEqual([false, true]);
    },
  },
  {
    number: "83",
    of: ({ add, boom, sum }) => chord([add(1, 1), boom()], sum()),
    error: /ChordError: Dependency .* raised ValueError\('boom'\)/,
    differs: causes,
  },
  {
    number: "84",
    of: ({ boom, id, sum, e }) => chord([boom(1), boom(2), id(3)], sum()).linkError(e("84")),
    error: /ChordError: Dependency .* raised ValueError\('boom 1'\)/,
    differs: causes,
    also: async (tasks, { id }) => {
      await expectTold(tasks, "84", [failure({ id, excType: "ChordError", traceback: null })]);
    },
  },
  {
    number: "85",
    of: ({ boom, id, sum, e }) => chord([boom(1).linkError(e("85")), id(3)], sum()),
    error: /ChordError/,
    differs: causes,
    also: async (tasks) => await expectTold(tasks, "85", [failure({ excMessage: "boom 1" })]),
  },
  {
    number: "86",
    of: ({ id, boom, e }) => chord([id(3), id(2)], boom()).linkError(e("86")),
    error: /ValueError: boom \[3,2\]/,
    also: async (tasks) => await expectTold(tasks, "86", [failure({ excMessage: "boom [3,2]" })]),
  },
  {
    number: "87",
    of: ({ boom, id, sum, e }) =>
      chord([boom(1).linkError(e("87")), boom(2).linkError(e("87")), id(3).linkError(e("87"))], sum()).linkError(
        e("87"),
      ),
    error: /ChordError/,
    differs: "there is no such setting: an errback that is wanted on the members is linked to them",
    also: async (tasks) => {
      const told = tasks.told("87").map(([first]) => first);
      const members = [{ excMessage: "boom 1" }, { excMessage: "boom 2" }].map((each) => expect.objectContaining(each));
      expect(told).toEqual(expect.arrayContaining([...members, expect.objectContaining({ excType: "ChordError" })]));
      expect(told).toHaveLength(3);
      await Promise.resolve();
    },
  },
  {
    number: "88",
    of: ({ id, boom, sum, e }) => chain(id(1), group([id(), boom()]), sum()).linkError(e("88")),
    error: /ChordError/,
    differs: causes,
    also: async (tasks, { id }) => {
      const own = tasks.told("88").filter(([told]) => Reflect.get(Object(told), "id") === id);
      expect(own).toEqual([failure({ excType: "ChordError" })]);
      await Promise.resolve();
    },
  },
  {
    number: "89",
    of: ({ id, boom, sum, e }) => chain(boom(), group([id(), id()]), sum()).linkError(e("89")),
    error: /ValueError: boom/,
    also: async (tasks) => await expectTold(tasks, "89", [failure({ excType: "ValueError" })]),
  },
  {
    number: "90",
    of: ({ id, boom }) => chain(boom(), group([id(), id()])),
    error: /ValueError: boom/,
    differs: once,
  },
  {
    number: "91",
    of: ({ id, boom, e }) => chord([id(1), boom()], group([id(), id()])).linkError(e("91")),
    error: /ChordError/,
    differs: `${once}; the errback is told`,
    also: async (tasks) => await expectTold(tasks, "91", [failure({ excType: "ChordError" })]),
  },
  {
    number: "92",
    of: ({ id, boom, sum }) => chord([chord([id(1), boom()], sum()), id(2)], sum()),
    error: /ChordError: Dependency .* raised ChordError/,
    differs: once,
  },
  {
    number: "93",
    of: ({ id, ignore, add, app }) => chain(id(1), immutable(app, ignore()), add(1)),
    error: /TaskRevokedError: ignored/,
    differs: once,
  },
  {
    number: "94",
    of: ({ id, reject, sum }) => chord([reject(), id(1)], sum()),
    error: /ChordError: Dependency .* raised Reject/,
  },
  {
    number: "95",
    of: ({ add, cb }) => add(1, 1).link(cb("95a")).link(cb("95b", 9)),
    value: 2,
    also: async (tasks) => {
      await expectTold(tasks, "95a", [[2]]);
      await expectTold(tasks, "95b", [[2, 9]]);
    },
  },
  {
    number: "96",
    of: ({ add, cb }) => chain(add(1, 1), add(2)).link(cb("96")),
    value: 4,
    also: async (tasks) => await expectTold(tasks, "96", [[4]]),
  },
  { number: "97", of: ({ unknown }) => unknown(), error: /NotRegistered: tasks.unknown/ },
  {
    number: "98",
    of: ({ alwaysRetry, e }) => alwaysRetry().linkError(e("98")),
    error: /MaxRetriesExceededError/,
    also: async (tasks) => await expectTold(tasks, "98", [failure({ excType: "MaxRetriesExceededError" })]),
  },
  {
    number: "99",
    of: ({ alwaysRetry, e }) => alwaysRetry("k").linkError(e("99")),
    error: /KeyError: k/,
    also: async (tasks) => await expectTold(tasks, "99", [failure({ excType: "KeyError" })]),
  },
  {
    number: "100",
    of: ({ alwaysRetry, id, sum }) => chord([alwaysRetry("k"), id(1)], sum()),
    error: /ChordError: Dependency .* raised KeyError/,
  },
  {
    number: "101",
    of: ({ ignoreResult }) => ignoreResult(3),
    value: undefined,
    also: async ({ app }, { id }) => expect(await app.result(id).state()).toBe("PENDING"),
  },
  { number: "102", of: ({ ignoreResult, add }) => chain(ignoreResult(3), add(4)), value: 7 },
  { number: "103", of: ({ ignoreResult, sum }) => chord([ignoreResult(3), ignoreResult(4)], sum()), value: 7 },
  {
    number: "104",
    of: ({ app }) => ({ delay: async () => await Promise.resolve(app.result("never sent")) }),
    error: /TimeoutError: The operation timed out\. The call never sent is still PENDING/,
    get: async ({ clock }, handle) => {
      const [value] = await Promise.all([handle.get({ timeout: 1 }), clock.advance(1)]);
      return value;
    },
    also: async (_, handle) => expect(await handle.state()).toBe("PENDING"),
  },
  {
    number: "105",
    of: (tasks) => ({ delay: async () => await restored(tasks) }),
    value: [1, 2],
    differs: "get() returns (semantics 14.2)",
  },
  {
    number: "106",
    of: ({ waits }) => waits(false),
    error: /GetInsideTaskError: tasks.waits waits for another/,
  },
  {
    number: "107",
    of: ({ id }) => group([group([id(1), id(2)]), id(3)]).pipe(id()),
    value: [1, 2, 3],
    differs: "nested groups keep their order (semantics 14.3)",
  },
  {
    number: "108",
    of: ({ hooked, e }) => hooked().linkError(e("108")),
    value: 5,
    differs: "a hook changes nothing (semantics 14.22)",
    also: async (tasks) => await expectTold(tasks, "108", []),
  },
  {
    number: "109",
    of: ({ unstarted, e }) => unstarted().linkError(e("109")),
    error: /ValueError: hook/,
    also: async (tasks) => await expectTold(tasks, "109", [failure({ excMessage: "hook" })]),
  },
  { number: "110", of: ({ returnsSet }) => returnsSet(), error: /EncodeError: result: a Set is not JSON/ },
];

/** A group that was saved, as another program finds it. */
async function restored({ app, id }: Vectors): Promise<ResultHandle> {
  const sent = await group([id(1), id(2)]).delay();
  await sent.save();
  const found = await restoreGroup(app, sent.id);
  if (found === undefined) throw new Error("The group was not kept");
  return found;
}
