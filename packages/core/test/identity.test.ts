import { describe, expect, it } from "vitest";
import { childId, newId } from "../src/identity.ts";
import { directRequest } from "../src/direct-request.ts";
import { createScope } from "../src/scope.ts";

/** The scope of one run of a call. */
function scopeOf(id: string, retries = 0) {
  return createScope({ ...directRequest("tasks.parent", [], id), retries });
}

describe("an id", () => {
  it("of a root sorts by time", () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("that is derived is the same in every process and every version", () => {
    expect(childId("parent", "link/0")).toBe("4354e5b8-0a9b-5dba-b216-430cb163c09d");
    expect(childId("parent", "1/header/0")).toBe("aaac5870-20cd-5f4e-87d8-1dc519254e7a");
  });

  it("that is derived differs by parent and by name", () => {
    const ids = [childId("a", "b"), childId("a", "c"), childId("b", "b"), childId("a\nb", "c"), childId("a", "b\nc")];

    expect(new Set(ids.slice(0, 3)).size).toBe(3);
  });
});

describe("ids of calls made in a run", () => {
  it("are the same in the next run, in whatever order the calls come", () => {
    const first = scopeOf("p");
    const again = scopeOf("p");

    const [add, mul, addAgain] = ["add", "mul", "add"].map((called) => first.callId(called));

    expect(again.callId("mul")).toBe(mul);
    expect(again.callId("add")).toBe(add);
    expect(again.callId("add")).toBe(addAgain);
    expect(new Set([add, mul, addAgain]).size).toBe(3);
  });

  it("differ from attempt to attempt, and from task to task", () => {
    const ids = [scopeOf("p", 0), scopeOf("p", 1), scopeOf("q", 0)].map((scope) => scope.callId("add"));

    expect(new Set(ids).size).toBe(3);
  });

  it("are counted for each call on its own", () => {
    const scope = scopeOf("p");
    const counted = [scope.callId("add"), scope.callId("add"), scope.callId("mul"), scope.callId("add")];

    expect(new Set(counted).size).toBe(4);
    expect(scopeOf("p").callId("mul")).toBe(counted[2]);
  });
});
