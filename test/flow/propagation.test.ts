/**
 * Celery's propagation matrix (celery-semantics.md 3.9), row by row: what a canvas comes to when a part of it does not end
 * well. Where Celery hangs, it ends (delivery.md 14).
 */

import { chain, chord, group, TaskFailure } from "umbel";
import { describe, expect, it } from "vitest";
import { type Sendable, type Vectors, vectors } from "./vectors-tasks.ts";

interface Situation {
  readonly of: (tasks: Vectors) => Sendable;
  /** State of the handle that sending gives. */
  readonly state: string;
  /** Value, or class and message of the error. */
  readonly end: unknown;
  /** What Celery does, where that is not the same. */
  readonly celery?: string;
}

const naming = (error: string): unknown =>
  expect.stringMatching(new RegExp(`^ChordError: Dependency \\S+ raised ${error}`));

const situations: readonly Situation[] = [
  { of: ({ id, boom }) => chain(id(1), boom(), id()), state: "FAILURE", end: "ValueError: boom 1" },
  { of: ({ id, boom, sum }) => chain(boom(), chord([id(), id()], sum())), state: "FAILURE", end: "ValueError: boom" },
  {
    of: ({ id, boom }) => chain(boom(), group([id(), id()])),
    state: "FAILURE",
    end: "ValueError: boom",
    celery: "hangs",
  },
  {
    of: ({ id }) => chain(id(1), id().set({ taskId: "revoked" }), id()),
    state: "REVOKED",
    end: "TaskRevokedError: revoked",
    celery: "the last is PENDING for ever",
  },
  {
    of: ({ id, ignore }) => chain(ignore(), id()),
    state: "REVOKED",
    end: "TaskRevokedError: ignored",
    celery: "hangs",
  },
  { of: ({ id, reject }) => chain(reject(), id()), state: "FAILURE", end: "Reject: unwanted" },
  {
    of: ({ id, unknown }) => chain(id(1), unknown(), id()),
    state: "FAILURE",
    end: expect.stringMatching(/^NotRegistered: tasks.unknown/),
    celery: "the last is PENDING for ever",
  },
  { of: ({ id, boom, sum }) => chord([id(1), boom()], sum()), state: "FAILURE", end: naming("ValueError") },
  {
    of: ({ id, ignore, args }) => chord([id(1), ignore()], args()),
    state: "SUCCESS",
    end: [[[1, null]], {}],
    celery: "hangs",
  },
  {
    of: ({ id, unknown, sum }) => chord([id(1), unknown()], sum()),
    state: "FAILURE",
    end: naming("NotRegistered"),
    celery: "the body is PENDING for ever",
  },
  {
    of: ({ id, boom, sum, add }) => chord([id(1), boom()], chain(sum(), add(1))),
    state: "FAILURE",
    end: naming("ValueError"),
  },
  {
    of: ({ id, boom }) => chord([id(1), boom()], group([id(), id()])),
    state: "FAILURE",
    end: naming("ValueError"),
    celery: "members are FAILURE or REVOKED, by race",
  },
  {
    of: ({ id, boom, sum }) => chord([id(1), boom()], chord([id(), id()], sum())),
    state: "FAILURE",
    end: naming("ValueError"),
    celery: "the innermost body is PENDING for ever",
  },
  {
    of: ({ id, boom, sum }) => chord([chord([id(1), boom()], sum()), id(1)], sum()),
    state: "FAILURE",
    end: naming("ChordError"),
    celery: "the outer body is PENDING for ever",
  },
  {
    of: ({ id, boom, sum }) => chord([chain(id(1), boom(), id()), id(1)], sum()),
    state: "FAILURE",
    end: naming("ValueError"),
  },
  {
    of: ({ ignoreResult, id }) => group([ignoreResult(3), id(1)]),
    state: "SUCCESS",
    end: [undefined, 1],
    celery: "get() hangs",
  },
  { of: ({ id, boom }) => id(1).link(boom()), state: "SUCCESS", end: 1 },
  {
    of: ({ id, boom, args }) => chord([id(1), boom()], args(), { onError: "collect" }),
    state: "SUCCESS",
    end: [
      [
        [
          { state: "SUCCESS", result: 1 },
          { state: "FAILURE", error: expect.objectContaining({ exc_type: "ValueError" }) },
        ],
      ],
      {},
    ],
    celery: "has no such chord",
  },
];

describe("the end of one part", () => {
  it.each(situations.map((each) => [titleOf(each), each] as const))("%s", async (_, { of, state, end }) => {
    const tasks = vectors();
    const handle = await of(tasks).delay();
    await tasks.app.revoke(["revoked"], false);

    await tasks.finish();

    const settled = await handle.get().catch((error: unknown) => error);
    expect(await handle.state()).toBe(state);
    expect(settled instanceof Error ? nameOf(settled) : settled).toEqual(end);
  });
});

function nameOf(error: Error): string {
  return `${error instanceof TaskFailure ? error.excType : error.name}: ${error.message}`;
}

/** The expression, what it comes to, and what Celery does. */
function titleOf({ of, state, celery }: Situation): string {
  const expression = String(of)
    .replace(/^[^=]*=>\s*/, "")
    .replaceAll(/\(0,\s*\w+\.(\w+)\)/g, "$1")
    .replaceAll(/\s+/g, " ");
  return `${expression}: ${state}${celery === undefined ? "" : ` (Celery: ${celery})`}`;
}
