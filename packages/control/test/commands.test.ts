/** Commands by Celery's names: each is there, under its aliases too, and what cannot be is refused with the reason. */

import { Umbel } from "@umbel/core";
import { NotSupportedError } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { ask, control, controlCommands, inspectCommands, tell, unsupportedCommands } from "../src/index.ts";

/** The same thing, whose methods are not called but noted, with what they are called with. */
function noting<Target extends object>(real: Target): { readonly target: Target; readonly calls: unknown[] } {
  const calls: unknown[] = [];
  const note =
    (name: PropertyKey) =>
    (...args: unknown[]) =>
      void calls.push([name, ...args]);
  return { target: new Proxy(real, { get: (_, name) => note(name) }), calls };
}

const operator = control(new Umbel("shop"));
const questions = () => noting(operator.inspect());
const changes = () => noting(operator);

describe("a question by its name", () => {
  it.each([
    ["ping", undefined, ["ping"]],
    ["dump_active", {}, ["active"]],
    ["dump-reserved", {}, ["reserved"]],
    ["dump_schedule", {}, ["scheduled"]],
    ["dump_revoked", {}, ["revoked"]],
    ["dump_tasks", { taskinfoitems: ["rate_limit"] }, ["registered", "rate_limit"]],
    ["registered", { taskinfoitems: null }, ["registered"]],
    ["queryTask", { ids: ["a", "b"] }, ["queryTask", ["a", "b"]]],
    ["active_queues", {}, ["activeQueues"]],
    ["dump_conf", { with_defaults: true }, ["conf", { withDefaults: true }]],
    ["clock", {}, ["clock"]],
    ["report", {}, ["report"]],
    ["stats", {}, ["stats"]],
  ])("%s %j is asked", async (name, args, call) => {
    const { target, calls } = questions();

    await ask(target, name, args);

    expect(calls).toEqual([call]);
  });
});

describe("a change by its name", () => {
  it.each([
    ["revoke", { task_id: "a", terminate: true }, ["revoke", "a", { terminate: true }]],
    ["terminate", { task_id: ["a"], signal: "SIGTERM" }, ["terminate", ["a"]]],
    [
      "revoke_by_stamped_headers",
      { headers: ["tenant=a", "tenant=b=c", "plan=x"] },
      ["revokeByStampedHeaders", { tenant: ["a", "b=c"], plan: ["x"] }, { terminate: false }],
    ],
    ["rate_limit", { task_name: "a", rate_limit: 0 }, ["rateLimit", "a", 0]],
    ["rate_limit", { task_name: "a", rate_limit: "default" }, ["rateLimit", "a", null]],
    ["time_limit", { task_name: "a", soft: 5, hard: null }, ["timeLimit", "a", { soft: 5, hard: null }]],
    ["time_limit", { task_name: "a", soft: "default" }, ["timeLimit", "a", { soft: undefined, hard: undefined }]],
    ["time_limit", { task_name: "a", soft: "default", hard: 9 }, ["timeLimit", "a", { soft: undefined, hard: 9 }]],
    ["add-consumer", { queue: "mail" }, ["addConsumer", "mail"]],
    ["cancelConsumer", { queue: "mail" }, ["cancelConsumer", "mail"]],
    ["enable_events", null, ["enableEvents"]],
    ["disable_events", {}, ["disableEvents"]],
    ["shutdown", {}, ["shutdown", {}]],
  ])("%s %j is told", async (name, args, call) => {
    const { target, calls } = changes();

    await tell(target, name, { args });

    expect(calls).toEqual([call]);
  });

  it("is for some where it can be", async () => {
    const { target, calls } = changes();

    await tell(target, "restart", { whom: { destination: ["worker@a"] } });

    expect(calls).toEqual([["restart", { destination: ["worker@a"] }]]);
    await expect(tell(target, "revoke", { args: { task_id: "a" }, whom: { pattern: "*" } })).rejects.toThrow(
      NotSupportedError,
    );
  });

  it.each([
    ["revoke_by_stamped_headers", { headers: ["tenant"] }, 'A stamp is given as NAME=VALUE, and not as "tenant"'],
    ["time_limit", { task_name: "a", soft: "5" }, "The arguments of time_limit: soft: expected seconds above 0"],
    ["revoke", {}, "The arguments of revoke: task_id: expected the id of a task, or a list of ids"],
    ["revoke", [], "The arguments of revoke:"],
  ])("%s %j is refused", async (name, args, sentence) => {
    await expect(tell(changes().target, name, { args })).rejects.toThrow(sentence);
  });
});

describe("the commands", () => {
  it("are told of with what they do, and none that there is not is among them", () => {
    const all = [...inspectCommands, ...controlCommands];

    expect(all.every(({ name, help }) => /^[a-z_]+$/.test(name) && help !== "")).toBe(true);
    expect(all.some(({ name }) => unsupportedCommands.includes(name))).toBe(false);
  });

  it.each(unsupportedCommands)("that there cannot be, %s, are refused with the reason", async (name) => {
    await expect(tell(changes().target, name)).rejects.toThrow(`There is no ${name}: `);
    await expect(ask(questions().target, name)).rejects.toThrow(NotSupportedError);
  });
});
