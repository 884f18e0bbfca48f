import {
  type AnyTask,
  type AsyncResult,
  type BoundTask,
  chain,
  chord,
  group,
  type Kwargs,
  type OptionsOf,
  type Signature,
  type Task,
} from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import * as z from "zod/mini";
import { add, app, scale, sum } from "./tasks.ts";

const Debug = z.object({ debug: z.prefault(z.boolean(), false) });
const User = z.object({ user: z.string(), age: z.optional(z.number()) });

/** May be given a name. */
const trace = app.task({ name: "types.trace", kwargs: Debug }, (x: number, y: number, { debug }) => (debug ? x : y));

/** Has to be given one. */
const greet = app.task({ name: "types.greet", bind: true, kwargs: User }, (task, greeting: string, { user, age }) => {
  expectTypeOf(task).toEqualTypeOf<BoundTask>();
  expectTypeOf(user).toEqualTypeOf<string>();
  expectTypeOf(age).toEqualTypeOf<number | undefined>();
  return `${greeting} ${user}`;
});

describe("a task with a schema of kwargs", () => {
  it("gives its body the schema's output last, and takes its input by name", () => {
    app.task({ name: "a", kwargs: Debug }, (x: number, { debug }) => {
      expectTypeOf(debug).toEqualTypeOf<boolean>();
      return x;
    });

    expectTypeOf(trace).toEqualTypeOf<Task<[x: number, y: number], number, { debug?: boolean | undefined }>>();
  });

  it("may take nothing else", () => {
    const only = app.task({ name: "a", kwargs: Debug }, ({ debug }) => debug);

    expectTypeOf(only).toEqualTypeOf<Task<[], boolean, { debug?: boolean | undefined }>>();
    expectTypeOf(only({ debug: true })).resolves.toEqualTypeOf<boolean>();
  });

  it("knows its last parameter behind two others", () => {
    app.task({ name: "a", kwargs: Debug }, (a: number, b: string, { debug }) => {
      expectTypeOf(debug).toEqualTypeOf<boolean>();
      return [a, b];
    });
  });

  it("has one beside a schema of the list, too", () => {
    const both = app.task(
      { name: "a", bind: true, args: z.tuple([z.url()]), kwargs: Debug },
      (task, url, { debug }) => {
        expectTypeOf(debug).toEqualTypeOf<boolean>();
        return [task.name, url];
      },
    );

    expectTypeOf(both).toEqualTypeOf<Task<[string], string[], { debug?: boolean | undefined }>>();
  });

  it("has names for its places besides, of which the compiler knows nothing", () => {
    const both = app.task({ name: "a", params: ["x"], kwargs: Debug }, (x: number, { debug }) => (debug ? x : 0));

    expectTypeOf(both.applyAsync([], { kwargs: { x: 1, debug: true } })).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(both.s().kwargs({ x: 1 }).delay).toBeCallableWith();
  });

  it("takes what is optional by name or not at all, everywhere", () => {
    expectTypeOf(trace.delay(1, 2)).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(trace.applyAsync([1, 2])).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(trace.applyAsync([1, 2], { countdown: 1, kwargs: { debug: true } })).resolves.toEqualTypeOf<
      AsyncResult<number>
    >();
    expectTypeOf(trace(1, 2)).resolves.toEqualTypeOf<number>();
    expectTypeOf(trace(1, 2, { debug: true })).resolves.toEqualTypeOf<number>();
    expectTypeOf(trace.s(1, 2).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("takes what is needed by name, where there is a place for it", () => {
    expectTypeOf(greet("Hello", { user: "Ann" })).resolves.toEqualTypeOf<string>();
    expectTypeOf(greet.applyAsync(["Hello"], { kwargs: { user: "Ann" } })).resolves.toEqualTypeOf<
      AsyncResult<string>
    >();
    expectTypeOf(greet.signature(["Hello"], { kwargs: { user: "Ann" } }).delay()).resolves.toEqualTypeOf<
      AsyncResult<string>
    >();
  });

  it("refuses to be sent without what is needed", () => {
    // @ts-expect-error: user is missing
    void greet.delay("Hello");
  });

  it("refuses to be sent with options that do not have what is needed", () => {
    // @ts-expect-error: kwargs is missing
    void greet.applyAsync(["Hello"]);
    // @ts-expect-error: kwargs is missing
    void greet.applyAsync(["Hello"], { countdown: 1 });
    // @ts-expect-error: user is missing
    void greet.applyAsync(["Hello"], { kwargs: { age: 3 } });
  });

  it("refuses to be called on the spot without what is needed", () => {
    // @ts-expect-error: the named arguments are missing
    void greet("Hello");
  });

  it("refuses a name that it does not have", () => {
    // @ts-expect-error: it is spelt debug
    void trace.applyAsync([1, 2], { kwargs: { debgu: true } });
  });

  it("refuses a value of another type", () => {
    // @ts-expect-error: a number is no boolean
    void trace.applyAsync([1, 2], { kwargs: { debug: 1 } });
  });

  it("refuses a schema whose input JSON does not carry", () => {
    // @ts-expect-error: callers would have to send a Date
    app.task({ name: "a", kwargs: z.object({ when: z.date() }) }, (x: number) => x);
  });

  it("refuses a body that does not take what the schema gives", () => {
    // @ts-expect-error: debug is a boolean
    app.task({ name: "a", kwargs: Debug }, (x: number, { debug }: { debug: string }) => [x, debug]);
  });

  it("refuses a body that leaves no last place", () => {
    // @ts-expect-error: nothing can come after a rest
    app.task({ name: "a", kwargs: Debug }, (...all: number[]) => all.length);
  });

  it("refuses a parameter by place that has no type", () => {
    // @ts-expect-error: nothing says what callers give for x
    app.task({ name: "a", kwargs: Debug }, (x, y: number, { debug }) => [x, y, debug]);
  });
});

describe("any task", () => {
  it("stands in a list with others, and says what it is", () => {
    const all: readonly AnyTask[] = [add, trace, greet, scale];

    expectTypeOf(all[0]?.name).toEqualTypeOf<string | undefined>();
  });

  it("refuses to be sent: nobody knows what it takes", () => {
    const any: AnyTask = add;

    // @ts-expect-error: what it takes is not known
    void any.delay(1, 2);
  });
});

describe("options that are handed on", () => {
  it("are those of what the call returns", () => {
    expectTypeOf(handOn({ countdown: 3, link: add.s(1) })).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("refuse a callback that does not take it", () => {
    // @ts-expect-error: a number is no list
    const options: OptionsOf<number> = { link: sum.s() };

    void add.applyAsync([1, 1], options);
  });
});

describe("a task without names", () => {
  it("refuses to be given any", () => {
    // @ts-expect-error: it takes nothing by name
    void add.applyAsync([1], { kwargs: { y: 2 } });
    // @ts-expect-error: it takes nothing by name
    add.s(1).kwargs({ y: 2 });
  });
});

describe("a signature's kwargs()", () => {
  it("leaves what has been given to be given anew, and nothing else changed", () => {
    expectTypeOf(greet.s().kwargs({ user: "Ann" })).toEqualTypeOf<
      Signature<
        [greeting: string],
        string,
        AsyncResult<string>,
        [greeting: string],
        { user?: string; age?: number | undefined }
      >
    >();
    expectTypeOf(trace.s(1).kwargs({ debug: true }).delay).toBeCallableWith(2);
  });

  it("may be called more than once, until nothing is missing", () => {
    const made = greet.s("Hello").kwargs({ age: 3 }).kwargs({ user: "Ann" });

    expectTypeOf(made.delay()).resolves.toEqualTypeOf<AsyncResult<string>>();
    expectTypeOf(made.applyAsync({ countdown: 3 })).resolves.toEqualTypeOf<AsyncResult<string>>();
  });

  it("completes an immutable one", () => {
    expectTypeOf(chain(add.s(1, 1), greet.si("Hello").kwargs({ user: "Ann" })).delay()).resolves.toEqualTypeOf<
      AsyncResult<string>
    >();
  });

  it("takes any name of a task whose places have names, and then fewer places", () => {
    expectTypeOf(scale).toEqualTypeOf<Task<[x: number, y: number], number, Kwargs>>();
    expectTypeOf(scale.s().kwargs({ y: 2 }).delay).toBeCallableWith(1);
  });

  it("refuses a name that there is not", () => {
    // @ts-expect-error: it is spelt user
    greet.s("Hello").kwargs({ usr: "Ann" });
  });

  it("refuses a name that there is not beside one that there is", () => {
    // @ts-expect-error: it is spelt age
    greet.s("Hello").kwargs({ user: "Ann", ages: 3 });
  });

  it("refuses a value of another type", () => {
    // @ts-expect-error: a number is no text
    greet.s("Hello").kwargs({ user: 1 });
  });

  it("refuses to be sent while something is missing", () => {
    // @ts-expect-error: user is missing
    void greet.s("Hello").kwargs({ age: 3 }).delay();
  });
});

describe("a canvas", () => {
  it("takes by name what its first step takes", () => {
    const made = chain(greet.s("Hello"), app.task("b", (text: string) => text.length).s());

    expectTypeOf(made.kwargs({ user: "Ann" }).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(made.applyAsync([], { kwargs: { user: "Ann" } })).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("refuses to be sent without what its first step needs", () => {
    // @ts-expect-error: user is missing
    void chain(greet.s("Hello")).delay();
  });

  it("refuses a later step that needs a name: nobody could give it", () => {
    const shout = app.task({ name: "c", kwargs: User }, (text: string, { user }) => text + user);

    // @ts-expect-error: user is missing
    chain(greet.s("Hello"), shout.s());
    // @ts-expect-error: user is missing
    greet.s("Hello").pipe(shout.s());
    expectTypeOf(chain(greet.s("Hello"), shout.s().kwargs({ user: "Ann" }))).toExtend<
      Signature<[], string, AsyncResult<string>, never, never>
    >();
  });

  it("refuses a chord's body that needs a name", () => {
    const end = app.task({ name: "d", kwargs: User }, (values: readonly number[], { user }) => [values, user]);

    // @ts-expect-error: user is missing
    chord([add.s(1, 1)], end.s());
    expectTypeOf(chord([add.s(1, 1)], end.s().kwargs({ user: "Ann" })).delay).toBeCallableWith();
  });

  it("hands a group's to each member: it takes what all of them know", () => {
    const made = group([trace.s(1, 1), trace.s(2, 2)]);

    expectTypeOf(made.kwargs({ debug: true }).delay).toBeCallableWith();
    expectTypeOf(chord([trace.s(1, 1)], sum.s()).kwargs({ debug: true }).delay).toBeCallableWith();
  });

  it("refuses for a group what one of its members does not know", () => {
    // @ts-expect-error: add takes nothing by name
    group([trace.s(1, 1), add.s(2, 2)]).kwargs({ debug: true });
  });

  it("refuses to send a group of which one member needs what another does not know", () => {
    const made = group([greet.s("Hello"), add.s(2, 2)]);

    // @ts-expect-error: user can never be given
    void made.delay();
    // @ts-expect-error: user can never be given
    made.kwargs({ user: "Ann" });
  });

  it("takes for a group what its members need once they have it", () => {
    const made = group([greet.s("Hello").kwargs({ user: "Ann" }), add.s(2, 2)]);

    expectTypeOf(made.delay).toBeCallableWith();
  });
});

describe("a running task", () => {
  it("sends what takes names, with them", () => {
    app.task({ name: "a", bind: true }, async (call) => {
      await call.delay(greet.s("Hello").kwargs({ user: "Ann" }));
      await call.applyAsync(greet.s("Hello"), [], { kwargs: { user: "Ann" } });
      await call.applyAsync(trace.s(1), [2]);
      return null;
    });
  });

  it("does not send what needs a name without it", () => {
    app.task({ name: "a", bind: true }, async (call) => {
      // @ts-expect-error: user is missing
      await call.delay(greet.s("Hello"));
      // @ts-expect-error: kwargs is missing
      await call.applyAsync(greet.s("Hello"), []);
      return null;
    });
  });
});

async function handOn(options: OptionsOf<number>) {
  return await add.applyAsync([1, 1], options);
}
