/** Entries of beat: what the compiler knows of their tasks, it holds them to. */

import { chain, group, Umbel } from "umbel";
import { describe, expectTypeOf, it } from "vitest";

const app: Umbel = new Umbel("types");
const add = app.task("types.add", (x: number, y: number) => x + y);
const ping = app.task("types.ping", () => "pong");
const named = app.task({ name: "types.named", params: ["x", "y?"] }, (x: number, y = 1) => x + y);

describe("a periodic task", () => {
  it("is a signature with all its arguments, bound or given", () => {
    expectTypeOf(app.addPeriodicTask(30, add.s(1, 2))).toEqualTypeOf<string>();
    app.addPeriodicTask("5m", ping.s(), { name: "ping", queue: "slow", expires: "1m", catchup: "skip" });
    app.addPeriodicTask({ hours: 1 }, add.s(2), { args: [1] });
    app.addPeriodicTask({ hours: 1 }, add.s(2), { args: () => [1] });
    app.addPeriodicTask(10, chain(add.s(1, 2), add.s(3)));
    app.addPeriodicTask(10, group([add.s(1, 2), ping.s()]));
    app.addPeriodicTask(10, named.s(), { kwargs: { x: 1 } });
    app.addPeriodicTask(10, app.signature("types.add"), { args: [1, 2] });
  });

  it("is refused where it lacks an argument, or has a wrong one", () => {
    // @ts-expect-error: add takes two
    app.addPeriodicTask(10, add.s(1));
    // @ts-expect-error: add takes numbers
    app.addPeriodicTask(10, add.s(1), { args: ["1"] });
    // @ts-expect-error: add takes numbers
    app.addPeriodicTask(10, add.s(1), { args: () => ["1"] });
    // @ts-expect-error: a task is no signature
    app.addPeriodicTask(10, ping);
    // @ts-expect-error: ping takes nothing
    app.addPeriodicTask(10, ping.s(), { args: [1] });
    // @ts-expect-error: there is no such option
    app.addPeriodicTask(10, ping.s(), { que: "slow" });
    // @ts-expect-error: the id is beat's own
    app.addPeriodicTask(10, ping.s(), { taskId: "1" });
    // @ts-expect-error: there is no such policy
    app.addPeriodicTask(10, ping.s(), { catchup: "twice" });
    // @ts-expect-error: a promise is no schedule
    app.addPeriodicTask(Promise.resolve(10), ping.s());
  });
});
