/**
 * `umbel call`: sends a call, and prints its id.
 *
 * @module
 */

import process from "node:process";
import type { Command } from "commander";
import type { SendTaskOptions, Umbel } from "umbel";
import type { Found } from "../application/find-application.ts";
import { examplesOf } from "../examples.ts";
import { UsageError } from "../failure.ts";
import { sessionOf } from "../session.ts";
import { addMeaningless, type Meaningless, refuseMeaningless } from "./meaningless.ts";
import { optionOf } from "./option.ts";
import { delayForms, delayIn, delayOf } from "./written-delay.ts";
import { instantForms, instantIn, instantOf } from "./written-instant.ts";
import { arrayOf, objectOf } from "./written-json.ts";

/** What can be asked of it; lengths of time are read when it runs. */
interface CallFlags extends Omit<SendTaskOptions, "countdown" | "expires"> {
  readonly countdown?: string;
  readonly expires?: string;
}

/** Adds the command. */
export function addCall(program: Command): void {
  const call = program
    .command("call")
    .description("send a call of a task, and print its id")
    .argument("<name>", "the task's name, as tasks.add")
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts call tasks.add -a '[2, 2]'",
        `-A ./tasks.ts call mail.send -k '{"to": "ada"}' --countdown 60`,
        "-A ./tasks.ts result $(umbel -A ./tasks.ts call tasks.add -a '[4, 4]')",
      ),
    )
    .action(async (name: string, flags: CallFlags, command: Command) => {
      refuseMeaningless(flags, meaningless);
      const { terminal, isJson, load } = sessionOf(command);
      const options = await optionsIn(flags);
      const found = await load();
      await warnOfUnknown(name, found);
      const { id, deduplicated } = await send(found.app, name, options);
      terminal.print(isJson ? JSON.stringify({ id, task: name, ...(deduplicated && { deduplicated }) }) : id);
    });
  for (const option of options) call.addOption(option);
  addMeaningless(call, meaningless);
}

const options = [
  optionOf("-a, --args <json>", "its arguments, a JSON array [none]", arrayOf),
  optionOf("-k, --kwargs <json>", "its arguments by name, a JSON object [none]", objectOf),
  optionOf("--countdown <seconds>", "how long it waits, as 60 or 8d"),
  optionOf("--eta <instant>", "when it is due, ISO 8601; UTC where no offset is said", instantOf),
  optionOf("--expires <when>", "an instant, or how long from now: it does not begin after that"),
  optionOf("--queue <name>", "where it goes"),
  optionOf("--priority <number>", "0 to 9", priorityOf),
  optionOf("--task-id <id>", "its id, in place of one that is drawn"),
];

const meaningless: Meaningless = {
  "--serializer <name>": "--serializer: arguments are JSON always",
  "--exchange <name>": "--exchange: there are queues only: --queue names one",
  "--routing-key <key>": "--routing-key: there are queues only: --queue names one",
};

/** Sends it, and says where nothing was sent, for the broker has such a call already. */
async function send(app: Umbel, name: string, asked: SendTaskOptions): Promise<Sent> {
  let deduplicated = false;
  app.signals.afterTaskPublish.connect((told) => void (deduplicated = told.deduplicated));
  const { id } = await app.sendTask(name, asked);
  if (deduplicated) {
    process.stderr.write(
      `umbel: the broker has had a call with the id ${id} within ten minutes: this is that one, and nothing was sent\n`,
    );
  }
  return { id, deduplicated };
}

interface Sent {
  readonly id: string;
  readonly deduplicated: boolean;
}

/** Throws `UsageError`. */
async function optionsIn({ countdown, expires, ...others }: CallFlags): Promise<SendTaskOptions> {
  return {
    ...others,
    ...(countdown !== undefined && { countdown: await delayOf("--countdown", countdown) }),
    ...(expires !== undefined && { expires: await expiryOf("--expires", expires) }),
  };
}

async function expiryOf(flag: string, text: string): Promise<Date | number> {
  const expiry = (await delayIn(text)) ?? instantIn(text);
  if (expiry !== undefined) return expiry;
  throw new UsageError(`${flag} takes seconds, ${delayForms}, or ${instantForms}, not "${text}"`);
}

function priorityOf(flag: string, text: string): number {
  if (/^\d$/.test(text)) return Number(text);
  throw new UsageError(`${flag} takes a number from 0 to 9, not "${text}"`);
}

/** It may be another service's: so it is sent all the same. */
async function warnOfUnknown(name: string, { app, module }: Found): Promise<void> {
  if (app.tasks.has(name) || name.startsWith("celery.")) return;
  const { nearestName } = await import("@umbel/core");
  const nearest = nearestName(name, [...app.tasks.keys()]);
  const hint = nearest === undefined ? "" : `; the nearest name is "${nearest}"`;
  process.stderr.write(`umbel: ${module} has no task "${name}"${hint}: it is sent for whoever has\n`);
}
