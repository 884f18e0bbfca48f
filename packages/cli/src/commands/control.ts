/**
 * `umbel control`: tells workers something, in Celery's words.
 *
 * @module
 */

import { Argument, type Command } from "commander";
import type { Replies } from "umbel/control";
import { examplesOf } from "../examples.ts";
import { AnsweredError, UsageError } from "../failure.ts";
import { type Session, sessionOf } from "../session.ts";
import { tellAside } from "../terminal.ts";
import { asUsage, list } from "./inspect.ts";
import { answerLines, nodeLine } from "./node-reply.ts";
import { addWhom, type WhomFlags, whomOf } from "./whom.ts";

interface TellFlags extends WhomFlags {
  readonly list?: true;
  readonly terminate?: true;
}

/** Adds the command. */
export function addControl(program: Command): void {
  const control = program
    .command("control")
    .description("tell workers something; it is kept, and holds for those that come; --list shows all")
    .addArgument(new Argument("[change]", "revoke, rate_limit, time_limit, cancel_consumer, add_consumer ..."))
    .argument("[args...]", "what the change takes")
    .option("-l, --list", "the changes that there are")
    .option("--terminate", "with a revocation: also abort those that run")
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts control rate_limit tasks.mail 10/m",
        "-A ./tasks.ts control time_limit tasks.slow 30 60",
        "-A ./tasks.ts control time_limit tasks.slow default",
        "-A ./tasks.ts control revoke ID1 ID2 --terminate",
        "-A ./tasks.ts control cancel_consumer slow",
        "-A ./tasks.ts control shutdown -d worker@shop",
      ),
    )
    .action(async (change: string | undefined, args: readonly string[], ...rest: readonly [TellFlags, Command]) => {
      const [flags, command] = rest;
      const session = sessionOf(command);
      const { control: open, controlCommands, tell } = await import("umbel/control");
      if (flags.list === true) return list(session, controlCommands);
      if (change === undefined) throw new UsageError("control takes a change: umbel control --list shows all");
      const { app } = await session.load();
      const telling = { args: changeArgs(change, args, flags), whom: whomOf(flags) };
      const replies = await tell(open(app), change, telling).catch(asUsage);
      show(session, flags, { replies, delay: delayOf(change, flags) });
    });
  addWhom(control);
}

/** Arguments as they stand on a command line, by Celery's names of them. */
function changeArgs(change: string, args: readonly string[], flags: TellFlags): Readonly<Record<string, unknown>> {
  const read = readers[change.replaceAll("-", "_")];
  if (read === undefined) return {};
  const terminate = flags.terminate === true ? { terminate: true } : {};
  return { ...read(args), ...terminate };
}

const readers: Readonly<Record<string, (args: readonly string[]) => Readonly<Record<string, unknown>>>> = {
  revoke: idsIn,
  terminate: ([signal = "", ...ids]) => {
    if (ids.length === 0 || !signals.test(signal)) return idsIn(signal === "" ? ids : [signal, ...ids]);
    tellAside(`umbel: no signal is sent to a task here, ${signal} neither: its task.signal is aborted`);
    return idsIn(ids);
  },
  revoke_by_stamped_headers: (args) => ({ headers: args }),
  rate_limit: ([task, rate, ...more]) => {
    refuseMore("rate_limit", more, task !== undefined && rate !== undefined);
    return { task_name: task, rate_limit: rate === undefined || !/^\d+$/.test(rate) ? rate : Number(rate) };
  },
  time_limit: ([task, soft, hard, ...more]) => {
    refuseMore("time_limit", more, task !== undefined && soft !== undefined);
    return { task_name: task, soft: secondsIn(soft), ...(hard === undefined ? {} : { hard: secondsIn(hard) }) };
  },
  add_consumer: queueIn,
  cancel_consumer: queueIn,
  ping: nothingIn,
  enable_events: nothingIn,
  disable_events: nothingIn,
  shutdown: nothingIn,
  restart: nothingIn,
};

/** Celery's form has one first. An id may be of capitals, too: these are all that a worker of Celery is told. */
const signals = /^(?:SIG)?(?:TERM|KILL|INT|HUP|QUIT|ABRT|ALRM|USR[12])$/;

function idsIn(args: readonly string[]): Readonly<Record<string, unknown>> {
  if (args.length === 0) throw new UsageError("the change takes ids of tasks: umbel control revoke ID1 ID2");
  return { task_id: args };
}

function queueIn([queue, ...more]: readonly string[]): Readonly<Record<string, unknown>> {
  refuseMore("the change", more, queue !== undefined);
  return { queue };
}

function nothingIn(args: readonly string[]): Readonly<Record<string, unknown>> {
  refuseMore("the change", args, true);
  return {};
}

/** Celery's form of no limit is 0; `default` is as the task declares it. */
function secondsIn(text: string | undefined): number | "default" | null {
  if (text === "default") return text;
  const seconds = Number(text);
  if (text === undefined || !Number.isFinite(seconds) || seconds < 0) {
    const what = "a task and seconds, soft and hard, 0 for none, default for what it declares";
    throw new UsageError(`time_limit takes ${what}: not "${text ?? ""}"`);
  }
  return seconds === 0 ? null : seconds;
}

function refuseMore(change: string, more: readonly string[], isEnough: boolean): void {
  if (!isEnough) throw new UsageError(`${change} takes more than that: umbel control --list shows what`);
  if (more.length > 0) throw new UsageError(`${change} takes less than that: "${more.join(" ")}" is too much`);
}

/** When what was asked is so, where that is not at once: docs/control.md. */
const delays: Readonly<Record<string, string>> = {
  terminate: "A task that runs is told at the next renewal of its lease: within 30 s.",
  add_consumer: "What waits comes at its next try: in a minute, or as long as the pause has lasted, an hour at most.",
  restart: "What waits comes at its next try: in a minute, or as long as it has waited, an hour at most.",
};

function delayOf(change: string, { terminate }: TellFlags): string | undefined {
  return delays[terminate === true ? "terminate" : change.replaceAll("-", "_")];
}

interface Told {
  readonly replies: Replies;
  readonly delay: string | undefined;
}

/** Ends with 1 when a node has refused: Celery ends with 0 then. */
function show({ terminal, isJson }: Session, { j }: TellFlags, { replies, delay }: Told): void {
  const answers = replies.flatMap((each) => Object.entries(each));
  if (isJson || j === true) terminal.print(JSON.stringify(replies));
  else {
    for (const [node, reply] of answers) {
      terminal.print(nodeLine(node, "ok" in reply, terminal));
      for (const line of answerLines("ok" in reply ? reply : reply.error)) terminal.print(line);
    }
    if (delay !== undefined && answers.some(([, reply]) => hasEffect(reply))) terminal.print(`\n${delay}`);
  }
  const refused = answers.find(([, reply]) => "error" in reply);
  if (refused !== undefined) throw new AnsweredError(`${refused[0]} has refused it`);
}

function hasEffect(reply: Replies[number][string] | undefined): boolean {
  return reply !== undefined && "ok" in reply && !/^(?:terminate: tasks unknown|already consuming)/.test(reply.ok);
}
