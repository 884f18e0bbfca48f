/**
 * The examples of each command's help, and a folder in which they can be typed.
 *
 * @module
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "@umbel/test/running-program";
import type { Command } from "commander";
import { makeProgram } from "../src/program.ts";

/** What follows the program's name in all examples that there are, once each. */
export function allExamples(): readonly string[] {
  return [...new Set(commandsOf(makeProgram()).flatMap(examplesIn))];
}

/** The same of one command's own help. */
export function examplesIn(command: Command): readonly string[] {
  return [...helpOf(command).matchAll(/^ {2}umbel (.*)$/gm)].map(([, line = ""]) => line);
}

/** A command, and all beneath it. */
export function commandsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => void (text += part) }).outputHelp();
  return text.slice(Math.max(0, text.indexOf("\nExamples:\n")));
}

/** Words as a shell makes them: of the first command, without where its output goes. */
export function wordsOf(line: string): readonly string[] {
  const [command = ""] = line.replaceAll(/\$\(.*\)/g, "ID").split(/ [|<>] /);
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

/** A folder that has what examples name. */
export async function folderOfExamples(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(repository, "packages/cli/test/modules/examples-"));
  await Promise.all(Object.entries(files).map(async ([name, text]) => await writeFile(join(path, name), text)));
  return { path, [Symbol.asyncDispose]: async () => await rm(path, { recursive: true }) };
}

const files = {
  "tasks.ts": `
import { chain, Umbel } from "umbel";
import { beat, crontab, schedules } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app = new Umbel("shop", { broker: qstash(), backend: upstash(), workerSendTaskEvents: true });
export const add = app.task("tasks.add", (x: number, y: number) => x + y);
export const xsum = app.task("tasks.xsum", (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0));
export const mail = app.task({ name: "tasks.mail", rateLimit: "10/m" }, () => "sent");
export const send = app.task({ name: "mail.send", params: ["to"] }, (to: string) => to);
export const slow = app.task({ name: "tasks.slow", queue: "slow" }, () => "done");
export const refuses = app.task({ name: "tasks.refuses", bind: true }, (task) => { task.reject("not today"); });
export const nightly = chain(add.s(2, 2), add.s(4));
export const schedule = beat(app, { nightly: { task: add, schedule: crontab({ hour: 3, minute: 0 }), args: [2, 2] } });
export const entries = schedules(app);
`,
  "settings.ts": 'export const taskDefaultQueue = "default";\n',
  "celeryconfig.ts": 'export const CELERY_TASK_DEFAULT_QUEUE = "default";\n',
  "lines.js": "await (await add.delay(4, 4)).get()\n",
} as const;
