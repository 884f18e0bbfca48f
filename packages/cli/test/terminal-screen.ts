/**
 * A real terminal, of tmux: what is typed into it, and what its screen shows.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { poll, repository } from "@umbel/test/running-program";
import { commandOf } from "./umbel.ts";

/** Whether there is one; on Debian and Ubuntu: apt-get install tmux. With UMBEL_REQUIRE_ALL=1 a test without it fails. */
export const hasTerminal: boolean = existsSync("/usr/bin/tmux") || process.env["UMBEL_REQUIRE_ALL"] === "1";

/** A terminal of 100 columns and 40 rows, in which a shell runs that knows `umbel`. */
export interface TerminalScreen extends AsyncDisposable {
  /** Types a line, and Enter. */
  type(line: string): void;
  /** Presses a key by tmux's name of it: `C-c`, `Up`, `q`. */
  press(key: string): void;
  /** What is to be seen now; lines have no blanks at their ends. */
  text(): string;
  /** Resolves once the screen shows something that fits; rejects, with what it shows, when it does not in time. */
  until(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>;
}

/** How many were opened: each has a server of its own, which nobody else talks to. */
let opened = 0;

/** Opens one in the repository's root. The command line runs on Node there. */
export async function openScreen(environment: Readonly<Record<string, string>> = {}): Promise<TerminalScreen> {
  opened += 1;
  const socket = `umbel-${process.pid}-${opened}`;
  const tmux = (...args: readonly string[]): string =>
    execFileSync("tmux", ["-L", socket, "-f", "/dev/null", ...args], { encoding: "utf8", stdio: "pipe" });
  const variables = { ...environment, NODE_ENV: "test", NO_COLOR: "", TERM: "screen-256color" };
  const size = ["-x", "100", "-y", "40"];
  const given = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  tmux("new-session", "-d", ...size, "-c", repository, ...given, "sh");
  const screen: TerminalScreen = {
    type(line) {
      tmux("send-keys", "-l", line);
      tmux("send-keys", "Enter");
    },
    press: (key) => void tmux("send-keys", key),
    text: () => tmux("capture-pane", "-p"),
    async until(pattern, seconds = 60) {
      const found = await poll(seconds, () => pattern.exec(screen.text()) ?? false);
      if (found !== false) return found;
      throw new Error(`The screen has not shown ${pattern} within ${seconds} s, but:\n${screen.text()}`);
    },
    async [Symbol.asyncDispose]() {
      tmux("kill-server");
    },
  };
  await screen.until(/^[#$]/);
  screen.type(`PS1='$ '; umbel() { ${commandOf([]).join(" ")} "$@"; }; clear`);
  await screen.until(/^\$\s*$/);
  return screen;
}
