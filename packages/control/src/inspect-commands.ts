/**
 * Questions by Celery's names.
 *
 * @module
 */

import * as z from "zod/mini";
import { command, type Command, commandNamed, type Runnable } from "./command.ts";
import type { ByNode, Inspect } from "./inspect.ts";
import { strictly } from "./strictly.ts";

const none = z.strictObject({}, strictly);
const names = z.array(z.string("expected a name"), "expected a list of names");
const oneOrMore = "expected the id of a task, or a list of ids";
const id = z.string().check(z.minLength(1, oneOrMore));
const ids = z.union([id, z.array(id).check(z.minLength(1, oneOrMore))], oneOrMore);

type Question = Runnable<Inspect, ByNode<unknown>>;

const questions: readonly Question[] = [
  command({ name: "ping", help: "Who is online" }, none, async (inspect) => await inspect.ping()),
  command(
    { name: "active", aliases: ["dump_active"], help: "Tasks that run" },
    none,
    async (inspect) => await inspect.active(),
  ),
  command(
    { name: "reserved", aliases: ["dump_reserved"], help: "Messages that are due, and that no worker holds" },
    none,
    async (inspect) => await inspect.reserved(),
  ),
  command(
    { name: "scheduled", aliases: ["dump_schedule"], help: "Messages that are not due yet" },
    none,
    async (inspect) => await inspect.scheduled(),
  ),
  command(
    { name: "revoked", aliases: ["dump_revoked"], help: "Ids of revoked tasks" },
    none,
    async (inspect) => await inspect.revoked(),
  ),
  command(
    { name: "registered", aliases: ["dump_tasks"], args: "[ATTRIBUTE ...]", help: "Tasks that workers know" },
    z.strictObject({ taskinfoitems: z.nullish(names) }, strictly),
    async (inspect, { taskinfoitems }) => await inspect.registered(...(taskinfoitems ?? [])),
  ),
  command({ name: "stats", help: "Numbers of workers" }, none, async (inspect) => await inspect.stats()),
  command(
    { name: "query_task", args: "TASK_ID [TASK_ID ...]", help: "What is known of tasks" },
    z.strictObject({ ids }, strictly),
    async (inspect, given) => await inspect.queryTask(given.ids),
  ),
  command(
    { name: "active_queues", help: "Queues that workers take messages of" },
    none,
    async (inspect) => await inspect.activeQueues(),
  ),
  command(
    {
      name: "conf",
      aliases: ["dump_conf"],
      args: "[WITH_DEFAULTS]",
      help: "Settings of workers that differ from the defaults, or all",
    },
    z.strictObject({ with_defaults: z.nullish(z.boolean("expected true or false")) }, strictly),
    async (inspect, given) => await inspect.conf({ withDefaults: given.with_defaults ?? false }),
  ),
  command({ name: "clock", help: "A clock that all share" }, none, async (inspect) => await inspect.clock()),
  command({ name: "report", help: "Versions and settings, for a bug report" }, none, async (inspect) => {
    return await inspect.report();
  }),
];

/** What can be asked, in the order in which it is told of. */
export const inspectCommands: readonly Command[] = questions;

/**
 * Asks by Celery's name, with Celery's arguments: `ask(inspect, "query_task", { ids: [...] })`. Throws `ImproperlyConfigured`
 * for a question that there is not, `NotSupportedError` for one of Celery's that there cannot be, and what the question throws.
 */
export async function ask(inspect: Inspect, name: string, args?: unknown): Promise<ByNode<unknown>> {
  return await commandNamed(questions, name, "inspect").run(inspect, args);
}
