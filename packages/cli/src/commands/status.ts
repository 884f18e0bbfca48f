/**
 * `umbel status`: which workers are online.
 *
 * @module
 */

import type { Command } from "commander";
import type { NodeStatus, Status } from "umbel/control";
import { examplesOf } from "../examples.ts";
import { AnsweredError } from "../failure.ts";
import { type Session, sessionOf } from "../session.ts";
import { countLine, nodeLine } from "./node-reply.ts";
import { absenceLine, addWhom, type WhomFlags, whomOf } from "./whom.ts";

/** Adds the command. */
export function addStatus(program: Command): void {
  const status = program
    .command("status")
    .description("which workers are online; none: it ends with 1")
    .addHelpText("after", examplesOf("-A ./tasks.ts status", "-A ./tasks.ts status --json"))
    .action(async (flags: WhomFlags, command: Command) => {
      const session = sessionOf(command);
      const { app } = await session.load();
      const { control } = await import("umbel/control");
      const found = await control(app).status();
      const nodes = found.nodes.filter(wanted(flags));
      show(session, flags, { ...found, nodes });
      if (nodes.length > 0) return;
      const online = found.nodes.map(({ node }) => node);
      throw new AnsweredError(absenceLine(flags, online));
    });
  addWhom(status);
}

function wanted(flags: WhomFlags): (node: NodeStatus) => boolean {
  const { destination } = whomOf(flags);
  return ({ node }) => destination === undefined || destination.includes(node);
}

function show({ terminal, isJson }: Session, flags: WhomFlags, status: Status): void {
  if (isJson || flags.j === true) terminal.print(JSON.stringify(status));
  else {
    for (const { node, drained } of status.nodes) {
      terminal.print(nodeLine(node, true, terminal) + (drained ? terminal.paint("yellow", "  (drained)") : ""));
    }
    if (status.nodes.length > 0) terminal.print(`\n${countLine(status.nodes.length)}`);
    if (status.paused.length > 0) terminal.print(`Paused queues: ${status.paused.join(", ")}`);
  }
}
