/**
 * `umbel doctor`: looks whether all parts go together, and says what mends what does not.
 *
 * @module
 */

import type { Command } from "commander";
import type { Umbel } from "umbel";
import { examplesOf } from "../examples.ts";
import { AnsweredError } from "../failure.ts";
import type { Finding } from "../doctor/finding.ts";
import { type Session, sessionOf } from "../session.ts";
import type { Style } from "../terminal.ts";

/** Adds the command. */
export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("look whether settings, store, broker and workers go together; what does not: how to mend it")
    .addHelpText("after", examplesOf("-A ./tasks.ts doctor", "-A ./tasks.ts doctor --json"))
    .action(async (_flags: object, command: Command) => {
      const session = sessionOf(command);
      const { app } = await session.load();
      const { lookAtSettings } = await import("../doctor/connections.ts");
      await app.finalize();
      const settings = await lookAtSettings(app);
      // What is missing would only be told once more by each of the others.
      const isReady = settings.every(({ verdict }) => verdict !== "bad");
      const found = [...settings, ...(isReady ? await lookAtAll(app) : [])];
      show(
        session,
        found.map((finding) => toldAs(finding, session)),
      );
    });
}

/** Its sentences, in terms of the flags that the command was called with. */
function toldAs({ what, verdict, detail, fix }: Finding, { asCalled }: Session): Finding {
  return { what, verdict, detail: asCalled(detail), ...(fix !== undefined && { fix: asCalled(fix) }) };
}

/** All that an application with good settings is connected to. */
async function lookAtAll(app: Umbel): Promise<readonly Finding[]> {
  const [{ control }, { lookAtBroker, lookAtStore }, { keysOfBroker, lookAtKeys }, { lookAtRoutes }, { lookAtLimits }] =
    await Promise.all([
      import("umbel/control"),
      import("../doctor/connections.ts"),
      import("../doctor/keys.ts"),
      import("../doctor/routes.ts"),
      import("../doctor/limits.ts"),
    ]);
  const operator = control(app);
  const keys = await keysOfBroker(app);
  const looks = [lookAtStore(app, operator), lookAtBroker(operator), lookAtRoutes(app, keys)];
  return [...lookAtKeys(app, keys), ...(await Promise.all(looks)).flat(), ...lookAtLimits(app)];
}

const marks: Readonly<Record<Finding["verdict"], readonly [mark: string, style: Style]>> = {
  good: ["ok", "green"],
  warning: ["!", "yellow"],
  bad: ["x", "red"],
};

/** Throws `CommandError` when something is bad. */
function show({ terminal, isJson }: Session, findings: readonly Finding[]): void {
  if (isJson) terminal.print(JSON.stringify(findings));
  else {
    const width = Math.max(...findings.map(({ what }) => what.length));
    for (const { what, verdict, detail, fix } of findings) {
      const [mark, style] = marks[verdict];
      terminal.print(`${terminal.paint(style, mark.padEnd(2))}  ${what.padEnd(width)}  ${detail}`);
      if (fix !== undefined) terminal.print(`${" ".repeat(width + 6)}${terminal.paint("bold", "mend:")} ${fix}`);
    }
  }
  const count = findings.filter(({ verdict }) => verdict === "bad").length;
  if (count > 0) throw new AnsweredError(`${count === 1 ? "one thing does" : `${count} things do`} not work`);
}
