/**
 * `umbel graph`: draws a canvas.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { type Command, Option } from "commander";
import { examplesOf } from "../examples.ts";
import { CommandError, lineOf } from "../failure.ts";
import { type Session, sessionOf } from "../session.ts";

/** Adds the command. */
export function addGraph(program: Command): void {
  program
    .command("graph")
    .description("draw a canvas that the module exports, or that is written as in umbel shell")
    .argument("<expression>", "the name of an export, or such as 'chain(add.s(2, 2), add.s(4))'")
    .addOption(new Option("--format <language>", "who is to draw it").choices(["mermaid", "dot"]).default("mermaid"))
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts graph nightly",
        "-A ./tasks.ts graph 'chord([add.s(1, 2), add.s(3, 4)], xsum.s())'",
        "-A ./tasks.ts graph nightly --format dot | dot -Tsvg > nightly.svg",
      ),
    )
    .action(async (expression: string, { format }: { readonly format: string }, command: Command) => {
      const session = sessionOf(command);
      const canvas = await canvasOf(session, expression);
      const [{ canvasGraph }, { dotOf, mermaidOf }] = await Promise.all([
        import("../graph/canvas-graph.ts"),
        import("../graph/draw.ts"),
      ]);
      const graph = canvasGraph(canvas);
      const { terminal, isJson } = session;
      if (isJson) return terminal.print(JSON.stringify(graph));
      for (const line of format === "dot" ? dotOf(graph) : mermaidOf(graph)) terminal.print(line);
    });
}

/** What the expression says. Throws `CommandError` when that is no canvas. */
async function canvasOf({ load }: Session, expression: string): Promise<Signature> {
  const { app, exports } = await load();
  const [{ namesIn }, { evaluate }, { decodeSignature }] = await Promise.all([
    import("../shell/names.ts"),
    import("../shell/evaluate.ts"),
    import("@umbel/protocol"),
  ]);
  const names = namesIn({ app, exports, withTasks: true });
  try {
    const { value } = await evaluate(expression, names);
    return decodeSignature(JSON.parse(JSON.stringify(wireIn(value))));
  } catch (cause) {
    const what = `"${expression}" is no canvas: ${lineOf(cause)}`;
    throw new CommandError(`${what}. There are ${Object.keys(names).join(", ")}`, { cause });
  }
}

/** A task stands for a call of it without arguments. */
function wireIn(value: unknown): unknown {
  const { wire, si }: { readonly wire?: unknown; readonly si?: unknown } = Object(value);
  if (wire !== undefined) return wire;
  if (typeof si !== "function") throw new TypeError("it has to be a signature, as add.s(2, 2)");
  return Object(Reflect.apply(si, value, [])).wire;
}
