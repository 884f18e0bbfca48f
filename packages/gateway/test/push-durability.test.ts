/** What has been answered is on the disk: seen from outside, in a process of its own. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Client } from "@upstash/qstash";
import { describe, expect, it, onTestFinished } from "vitest";

import { developmentRestToken } from "../src/credentials.ts";
import { developmentToken } from "../src/push/development-keys.ts";
import { type GatewayProcess, kill, runtimes, startProcess } from "./gateway-process.ts";
import { startDestination, startGateway, until } from "./push-harness.ts";
import { callsIn, hasEnded, hasStrace, straceTo, type SystemCall } from "./system-calls.ts";

const hour = 3600;

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "umbel-gateway-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe.runIf(hasStrace).each(runtimes)("a gateway on %s, seen by strace,", (runtime) => {
  it("syncs the disk between what it stores and each answer", async () => {
    const folder = directory();
    const trace = join(folder, "trace");
    const gateway = await startProcess(runtime, join(folder, "data"), { under: straceTo(trace) });
    const marks = Array.from({ length: 24 }, (_, n) => `mark-${n}.`);

    await Promise.all(marks.map((mark, n) => (n % 2 === 0 ? publish(gateway, mark) : set(gateway, mark))));
    await kill(gateway);
    await until(() => hasEnded(trace, gateway.process.pid ?? 0));

    const calls = callsIn(trace);
    expect(marks.filter((mark) => !isSyncedBeforeAnswer(calls, mark))).toEqual([]);
  });
});

/** The request is read, then what is in it is written, then the disk is synced, then the answer goes out. */
function isSyncedBeforeAnswer(calls: readonly SystemCall[], mark: string): boolean {
  const request = calls.find(({ name, on, text }) => name.startsWith("re") && isConnection(on) && text.includes(mark));
  const answer = calls.find(
    ({ begin, on, text }) => begin > (request?.end ?? Infinity) && on === request?.on && text.includes("HTTP/1.1 200"),
  );
  const stored = calls.find(({ name, on, text }) => name.startsWith("pwrite") && isJournal(on) && text.includes(mark));
  const synced = calls.find(
    ({ name, on, begin }) => /^f(data)?sync$/.test(name) && isJournal(on) && begin > (stored?.end ?? Infinity),
  );
  const order = [request?.end, stored?.begin, stored?.end, synced?.begin, synced?.end, answer?.begin];
  return order.every((place, at) => place !== undefined && (at === 0 || place >= (order[at - 1] ?? Infinity)));
}

function isConnection(on: string): boolean {
  return on.startsWith("TCP");
}

function isJournal(on: string): boolean {
  return on.endsWith("gateway.db-wal");
}

describe.runIf(hasStrace)("a gateway whose disk fails", () => {
  it("answers nobody any more, and ends, so that whoever watches over it starts it again", async () => {
    const program = fileURLToPath(new URL("../src/program/bin.ts", import.meta.url));
    const node = fileURLToPath(new URL("../../../node_modules/.bin/node", import.meta.url));
    const failing = [
      "-f",
      "-q",
      "-o",
      "/dev/null",
      "-e",
      "trace=fdatasync",
      "-e",
      "inject=fdatasync:error=EIO:when=3+",
    ];
    const ports = ["--port", "0", "--rest-port", "0"];
    const data = join(directory(), "data");
    const child = spawn("strace", [...failing, node, "--conditions=@umbel/source", program, ...ports, "--data", data]);
    onTestFinished(() => void child.kill("SIGKILL"));
    const ended = once(child, "exit");
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
    await until(() => /UPSTASH_REDIS_REST_TOKEN/.test(said), "it listens", 30);
    const [, baseUrl = ""] = /QSTASH_URL=(\S+)/.exec(said) ?? [];
    const client = new Client({ baseUrl, token: developmentToken, retry: false });

    const refused = await untilRefused(() => client.publish({ url: "http://127.0.0.1:1", delay: hour }));

    expect(await ended).toEqual([1, null]);
    expect(refused).toBeInstanceOf(Error);
    expect(said).toMatch(/gateway: The disk cannot be written to: .*EIO.*start the gateway again/);
  });
});

async function untilRefused(act: () => Promise<unknown>): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  return await untilRefused(act);
}

describe.each(runtimes)("the files of a gateway on %s, copied in the moment of an answer,", (runtime) => {
  it("have every message that had been answered, and a new gateway on the copy delivers them", async () => {
    const folder = directory();
    const destination = await startDestination();
    const gateway = await startProcess(runtime, join(folder, "data"));
    const answered: string[] = [];
    const copies: { readonly path: string; readonly expected: readonly string[] }[] = [];
    const send = async (sender: number): Promise<void> => {
      for (let n = 0; copies.length < 3; n += 1) {
        const body = `${sender}.${n}`;
        await gateway.client.publish({ url: destination.url, body, delay: hour });
        answered.push(body);
        if (answered.length % 97 === 0) copies.push(freeze(gateway, join(folder, `copy-${copies.length}`), answered));
      }
    };

    await Promise.all(Array.from({ length: 16 }, (_, sender) => send(sender)));

    expect(copies.map(({ expected }) => expected.length)).toEqual([97, 194, 291]);
    for (const { path, expected } of copies) {
      destination.arrivals.length = 0;
      const now = (): number => Date.now() + 2 * hour * 1000;
      const { stop } = await startGateway({ database: join(path, "gateway.db"), now });
      const missing = (): readonly string[] => expected.filter((body) => !destination.bodies().includes(body));
      await until(() => missing().length === 0, "all that was answered has arrived");
      await stop();
    }
  });
});

/** Stops the process for as long as its files are copied: what a power cut would leave, but for what is not synced. */
function freeze(
  { process }: GatewayProcess,
  path: string,
  answered: readonly string[],
): { path: string; expected: readonly string[] } {
  const expected = [...answered];
  process.kill("SIGSTOP");
  while (!isStopped(process.pid ?? 0));
  cpSync(join(path, "..", "data"), path, { recursive: true });
  process.kill("SIGCONT");
  return { path, expected };
}

function isStopped(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim().startsWith("T");
}

async function publish({ client }: GatewayProcess, mark: string): Promise<void> {
  await client.publish({ url: "http://127.0.0.1:1", headers: { mark }, delay: hour });
}

async function set({ restUrl }: GatewayProcess, mark: string): Promise<void> {
  const headers = { authorization: `Bearer ${developmentRestToken}` };
  const { status } = await fetch(`${restUrl}/set/${mark}/value`, { method: "POST", headers });
  expect(status).toBe(200);
}
