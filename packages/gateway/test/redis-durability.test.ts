/**
 * What has been answered is on the disk.
 *
 * @module
 */

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { developmentRestToken } from "../src/credentials.ts";
import { embeddedEngine } from "../src/redis/embedded/engine.ts";
import type { Command } from "../src/redis/engine.ts";
import { openDatabase } from "../src/store/database.ts";
import { kill, runtimes, startProcess } from "./gateway-process.ts";
import { until } from "./push-harness.ts";

describe("what the embedded engine has answered", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "umbel-durability-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("is in the files at that moment: a copy of them has it", async () => {
    const database = openDatabase(join(directory, "original", "umbel.db"));
    const engine = embeddedEngine({ database });
    await engine.run([command("SET", "k", "v"), command("HSET", "h", "f", "w")], { atomic: false });
    cpSync(join(directory, "original"), join(directory, "copy"), { recursive: true });
    database.close();

    expect(await read(join(directory, "copy", "umbel.db"), ["GET", "k"], ["HGET", "h", "f"])).toEqual(["v", "w"]);
  });

  it.each(runtimes)("on %s survives kill -9 in the midst of many requests, whole ones only", async (runtime) => {
    const gateway = await startProcess(runtime, directory);
    const answered: number[] = [];
    const senders = Array.from({ length: 8 }, (_, sender) => send(gateway.restUrl, sender, answered));
    await until(() => answered.length >= 400);
    await Promise.all([kill(gateway), ...senders]);

    const database = openDatabase(join(directory, "gateway.db"));
    const engine = embeddedEngine({ database });
    const names = answered.map(String);
    const [values, ...halves] = await engine.run(
      [command("MGET", ...names), ...names.map((name) => command("LLEN", `list-${name}`))],
      { atomic: false },
    );
    const [keys] = await engine.run([command("DBSIZE")], { atomic: false });
    database.close();

    expect(Array.isArray(values) ? values.map(String) : values).toEqual(names);
    expect(halves.every((length) => length === 2)).toBe(true);
    // What was under way is there whole or not at all.
    expect(Number(keys) % 2).toBe(0);
  });
});

/** Sends one pipeline after the other until nobody answers, and writes down which were answered. */
async function send(url: string, sender: number, answered: number[]): Promise<void> {
  for (let at = sender; ; at += 8) {
    const rows = [
      ["SET", at, at],
      ["RPUSH", `list-${at}`, "a", "b"],
    ];
    try {
      const response = await fetch(`${url}/pipeline`, {
        method: "POST",
        headers: { authorization: `Bearer ${developmentRestToken}` },
        body: JSON.stringify(rows),
      });
      await response.json();
    } catch {
      return;
    }
    answered.push(at);
  }
}

async function read(path: string, ...lines: readonly (readonly string[])[]): Promise<readonly string[]> {
  const database = openDatabase(path);
  const replies = await embeddedEngine({ database }).run(
    lines.map(([name = "", ...args]) => command(name, ...args)),
    { atomic: false },
  );
  database.close();
  return replies.map(String);
}

function command(name: string, ...args: readonly string[]): Command {
  return { name, args: args.map((arg) => Buffer.from(arg)) };
}
