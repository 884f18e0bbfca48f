import { describe, expect, it } from "vitest";
import { canMove, isException, isPropagated, isReady, isTerminal, precedence, transitions } from "../src/index.ts";
import { hasPython, python } from "./python.ts";

const order = ["SUCCESS", "FAILURE", "PROGRESS", "REVOKED", "STARTED", "RECEIVED", "REJECTED", "RETRY", "PENDING"];
const states = Object.keys(transitions);

describe("states", () => {
  it("have Celery's precedence, those of a user's own below FAILURE", () => {
    expect(order.toSorted((a, b) => precedence(a) - precedence(b))).toEqual(order);
    expect(precedence("IGNORED")).toBe(precedence("PROGRESS"));
    expect(precedence("toString")).toBe(precedence("PROGRESS"));
  });

  it.each([
    ["isReady", isReady, ["SUCCESS", "FAILURE", "REVOKED"]],
    ["isException", isException, ["RETRY", "FAILURE", "REVOKED"]],
    ["isPropagated", isPropagated, ["FAILURE", "REVOKED"]],
    ["isTerminal", isTerminal, ["SUCCESS", "FAILURE", "REVOKED", "IGNORED"]],
  ])("%s knows its set", (_, has, members) => {
    expect([...states, "PROGRESS", "toString"].filter((state) => has(state))).toEqual(members);
  });

  it("are not left once they are terminal, and never turn back to PENDING", () => {
    for (const from of states) {
      expect(states.some((to) => canMove(from, to))).toBe(!isTerminal(from));
      expect(canMove(from, "PENDING")).toBe(false);
    }
  });

  it.each([
    ["PENDING", "SUCCESS", true],
    ["PENDING", "REVOKED", true],
    ["STARTED", "RETRY", true],
    ["STARTED", "RECEIVED", false],
    ["RETRY", "STARTED", true],
    ["REJECTED", "STARTED", true],
    ["SUCCESS", "FAILURE", false],
    ["REVOKED", "SUCCESS", false],
    ["STARTED", "PROGRESS", true],
    ["PROGRESS", "PROGRESS", true],
    ["PROGRESS", "SUCCESS", true],
    ["SUCCESS", "PROGRESS", false],
    ["toString", "SUCCESS", true],
  ])("%s to %s is legal: %s", (from, to, isLegal) => {
    expect(canMove(from, to)).toBe(isLegal);
  });

  it.skipIf(!hasPython("celery"))("are ordered and grouped as in Celery itself", () => {
    const program = `
import json, sys
from celery import states
names = json.load(sys.stdin)
print(json.dumps({
    "order": [[states.precedence(a) < states.precedence(b) for b in names] for a in names],
    "ready": [name in states.READY_STATES for name in names],
    "exception": [name in states.EXCEPTION_STATES for name in names],
    "propagated": [name in states.PROPAGATE_STATES for name in names],
}))`;
    const names = [...states, "PROGRESS"];

    expect(JSON.parse(python(program, JSON.stringify(names), "celery"))).toEqual({
      order: names.map((a) => names.map((b) => precedence(a) < precedence(b))),
      ready: names.map(isReady),
      exception: names.map(isException),
      propagated: names.map(isPropagated),
    });
  });
});
