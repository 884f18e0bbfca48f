/** What is told of a message by hand, beside what the schema of workers says of it. */

import { describe, expect, it } from "vitest";
import { longestId, misfitOfMessage, TaskMessage } from "../src/index.ts";

const signature = { task: "tasks.add", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };

const whole = {
  headers: { task: "tasks.add", id: "one" },
  properties: {},
  body: [[], {}, { callbacks: null, errbacks: null, chain: null, chord: null }],
};

const headers = [
  "lang",
  "task",
  "id",
  "shadow",
  "eta",
  "expires",
  "group",
  "group_index",
  "retries",
  "timelimit",
  "root_id",
  "parent_id",
  "argsrepr",
  "kwargsrepr",
  "origin",
  "ignore_result",
  "replaced_task_nesting",
  "stamped_headers",
  "stamps",
  "mine",
];
const properties = [
  "correlation_id",
  "reply_to",
  "priority",
  "queue",
  "generation",
  "early",
  "attempts_before",
  "added_at",
  "additions",
  "requeues",
  "flow_key",
  "mine",
];
const following = ["callbacks", "errbacks", "chain", "chord"];
const bodyParts = ["0", "1", "2", "3"];
const parts = ["headers", "properties", "body"];

const values: readonly unknown[] = [
  null,
  true,
  3,
  -1,
  0.5,
  Number.NaN,
  Infinity,
  2 ** 60,
  "",
  "some text",
  "2026-11-21T06:51:04.854146+00:00",
  "x".repeat(longestId),
  "x".repeat(longestId + 1),
  [],
  [1, 2],
  [null, 3],
  [1],
  [""],
  ["a", "b"],
  [1, "b"],
  {},
  { a: 1 },
  signature,
  [signature],
  [signature, 5],
  5n,
];

describe("a message with another value in one place", () => {
  const places = [
    ...headers.map((name) => ["headers", name] as const),
    ...properties.map((name) => ["properties", name] as const),
    ...following.map((name) => ["follows", name] as const),
    ...bodyParts.map((name) => ["body", name] as const),
    ...parts.map((name) => ["message", name] as const),
  ];

  it.each(places)("%s.%s is refused as the schema refuses it, and takes what that takes", (part, name) => {
    for (const value of values) {
      const message = structuredClone(whole);
      const { headers: head, properties: more, body } = message;
      const owner = { headers: head, properties: more, follows: body[2] ?? {}, body, message };
      Object.assign(owner[part], { [name]: value });

      const misfit = misfitOfMessage(message);

      expect(misfit === undefined, `${String(value)}: ${misfit}`).toBe(TaskMessage.safeParse(message).success);
    }
  });

  it("is told of by the place and what is expected there", () => {
    expect(misfitOfMessage({ ...whole, headers: { id: "one" } })).toBe("headers.task is missing");
    expect(misfitOfMessage({ ...whole, headers: 5 })).toBe("headers: expected an object");
    expect(misfitOfMessage({ ...whole, properties: { priority: "high" } })).toBe(
      "properties.priority: expected a number or null",
    );
    expect(misfitOfMessage({ ...whole, body: [[], {}, { chord: 5 }] })).toBe(
      "body.2.chord: expected a signature or null",
    );
  });
});
