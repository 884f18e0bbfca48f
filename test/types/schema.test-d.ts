import type { Signature, Task } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import * as z from "zod/mini";
import { app, ping } from "./tasks.ts";

const visit = app.task(
  { name: "visit", args: z.tuple([z.object({ url: z.url(), depth: z.prefault(z.number(), 1) })]) },
  (page) => page.depth,
);

describe("a task with a schema", () => {
  it("takes the schema's input and gives its body the output", () => {
    const task = app.task({ name: "a", args: z.tuple([z.pipe(z.string(), z.transform(Number))]) }, (count) => {
      expectTypeOf(count).toEqualTypeOf<number>();
      return count;
    });

    expectTypeOf(task).toEqualTypeOf<Task<[string], number>>();
  });

  it("lets callers leave out what has a default", () => {
    expectTypeOf(visit.delay).toBeCallableWith({ url: "https://example.org" });
    expectTypeOf(visit.s().delay).toBeCallableWith({ url: "https://example.org", depth: 2 });
  });

  it("gives a bound body the running call first", () => {
    const task = app.task({ name: "a", bind: true, args: z.tuple([z.url()]) }, (call, url) => {
      expectTypeOf(call.request.retries).toBeNumber();
      expectTypeOf(url).toBeString();
      return url;
    });

    expectTypeOf(task.s()).toEqualTypeOf<Signature<[string], string>>();
  });

  it("lets the body get what JSON does not carry, when the schema makes it", () => {
    const task = app.task({ name: "a", args: z.tuple([z.pipe(z.iso.datetime(), z.transform(toDate))]) }, (when) =>
      when.getTime(),
    );

    expectTypeOf(task).toEqualTypeOf<Task<[string], number>>();
  });

  it("refuses callers' arguments that do not fit the schema", () => {
    // @ts-expect-error: the url is missing
    void visit.delay({ depth: 2 });
  });

  it("refuses a body that does not take what the schema gives", () => {
    // @ts-expect-error: the schema gives a text
    app.task({ name: "a", args: z.tuple([z.string()]) }, (count: number) => count);
  });

  it("refuses a schema whose input JSON does not carry", () => {
    // @ts-expect-error: callers would have to send a Date
    app.task({ name: "a", args: z.tuple([z.date()]) }, (when) => when.getTime());
  });

  it("refuses a step before it that does not return the schema's input", () => {
    // @ts-expect-error: visit takes a page
    ping.s().pipe(visit.s());
  });
});

function toDate(text: string): Date {
  return new Date(text);
}
