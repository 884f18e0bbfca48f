/**
 * What a process asks of the system, in order, as strace sees it.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const { status, error } = spawnSync("strace", ["-e", "trace=none", "true"]);

/** Whether processes can be traced here; says once what is missing when not. */
export const hasStrace: boolean = status === 0;

if (!hasStrace) {
  const advice =
    error === undefined
      ? "this machine lets strace trace nothing: in a container, add the capability SYS_PTRACE"
      : "strace is missing: apt-get install strace";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(`The sync of the disk cannot be seen: ${advice}`);
  console.warn(`Skipped: tests that look for the sync of the disk (${advice})`);
}

/** A call. `begin` and `end` are places in the trace: a call was over before another when its end is the smaller. */
export interface SystemCall {
  readonly begin: number;
  readonly end: number;
  readonly name: string;
  /** File or connection that it is on. */
  readonly on: string;
  /** Everything that strace says about it, data included. */
  readonly text: string;
}

const traced = "read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,pwritev,pwritev2,fsync,fdatasync";

/** What to start a program under, so that its calls are written to a file. The program stays our own child. */
export function straceTo(file: string): readonly string[] {
  return ["strace", "-D", "-f", "-q", "-yy", "-s", "8192", "-o", file, "-e", `trace=${traced}`];
}

/** Whether the process of this trace has ended, so that nothing more is written. */
export function hasEnded(file: string, pid: number): boolean {
  return new RegExp(`^${pid} +\\+\\+\\+ `, "m").test(readFileSync(file, "latin1"));
}

/** The calls of a trace, by their ends. */
export function callsIn(file: string): readonly SystemCall[] {
  const begun = new Map<string, { readonly begin: number; readonly text: string }>();
  return readFileSync(file, "latin1")
    .split("\n")
    .flatMap((line, at) => {
      const [, thread = "", text = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
      if (text.endsWith("<unfinished ...>")) {
        begun.set(thread, { begin: at, text });
        return [];
      }
      const [, rest] = /^<\.\.\. \w+ resumed>(.*)$/.exec(text) ?? [];
      const first = rest === undefined ? { begin: at, text: "" } : begun.get(thread);
      return first === undefined ? [] : callOf({ begin: first.begin, end: at, text: first.text + (rest ?? text) });
    });
}

function callOf({ begin, end, text }: Pick<SystemCall, "begin" | "end" | "text">): readonly SystemCall[] {
  const [, name, on] = /^(\w+)\(\d+<((?:TCP|TCPv6):\[[^>]*->[^>]*\]|[^>]*)>/.exec(text) ?? [];
  return name === undefined || on === undefined ? [] : [{ begin, end, name, on, text }];
}
