/**
 * Changes by Celery's names.
 *
 * @module
 */

import { ImproperlyConfigured, NotSupportedError } from "@umbel/protocol";
import * as z from "zod/mini";
import { command, type Command, commandNamed, type Runnable } from "./command.ts";
import type { Control, StampedHeaders } from "./control.ts";
import type { Replies } from "./reply.ts";
import { strictly } from "./strictly.ts";
import type { Whom } from "./whom.ts";

/** Who is told, and by what means. */
interface Told {
  readonly control: Control;
  readonly whom: Whom;
}

/** A change; `forSome`: it may be asked of some nodes only. */
interface Change extends Runnable<Told, Replies> {
  readonly forSome?: true;
}

const none = z.strictObject({}, strictly);
const name = z
  .string("expected a name")
  .check(z.minLength(1, "expected a name"), z.maxLength(255, "expected a name of at most 255 characters"));
const oneOrMore = "expected the id of a task, or a list of ids";
const id = z.string().check(z.minLength(1, oneOrMore));
const ids = z.union([id, z.array(id).check(z.minLength(1, oneOrMore))], oneOrMore);
const terminate = z.nullish(z.boolean("expected true or false"));
const rate = z.union([z.string(), z.number(), z.null()], `expected a rate, as "10/m", 0 for none, or "default"`);
/** As the task declares it: what was asked for does not hold any more. */
const declared = "default";
const seconds = z.number("expected seconds").check(z.positive("expected seconds above 0"));
const limit = z.nullish(
  z.union([seconds, z.literal(declared)], `expected seconds above 0, null for none, or "${declared}"`),
);
const timeLimit = z
  .strictObject({ task_name: name, soft: limit, hard: limit }, strictly)
  .check(
    z.refine(
      ({ soft, hard }) => soft !== undefined || hard !== undefined,
      `expected soft or hard: null for none, "${declared}" for what the task declares`,
    ),
  );
const exchange = z.optional(z.unknown());
const headers = z.union(
  [z.array(z.string()), z.record(z.string(), z.unknown())],
  `expected stamps by name, or a list as ["tenant=acme"]`,
);

const changes: readonly Change[] = [
  {
    ...command({ name: "ping", help: "Who is online" }, none, async ({ control, whom }: Told) => {
      return await control.ping(whom);
    }),
    forSome: true,
  },
  command(
    { name: "revoke", args: "TASK_ID [TASK_ID ...]", help: "Have tasks not begun any more" },
    z.strictObject({ task_id: ids, terminate }, strictly),
    async ({ control }: Told, given) => {
      return await control.revoke(given.task_id, { terminate: given.terminate ?? false });
    },
  ),
  command(
    { name: "terminate", args: "TASK_ID [TASK_ID ...]", help: "The same, and abort those that run" },
    z.strictObject({ task_id: ids, terminate }, strictly),
    async ({ control }: Told, given) => await control.terminate(given.task_id),
  ),
  command(
    {
      name: "revoke_by_stamped_headers",
      args: "NAME=VALUE [NAME=VALUE ...]",
      help: "Revoke what waits or runs and has any of these stamps",
    },
    z.strictObject({ headers, terminate }, strictly),
    async ({ control }: Told, given) => {
      const options = { terminate: given.terminate ?? false };
      return await control.revokeByStampedHeaders(stampsIn(given.headers), options);
    },
  ),
  command(
    {
      name: "rate_limit",
      args: "TASK RATE",
      help: `How many calls of a task are begun: "10/m", 0 for no limit, default: as declared`,
    },
    z.strictObject({ task_name: name, rate_limit: rate }, strictly),
    async ({ control }: Told, given) => {
      return await control.rateLimit(given.task_name, given.rate_limit === declared ? null : given.rate_limit);
    },
  ),
  command(
    {
      name: "time_limit",
      args: "TASK SOFT [HARD]",
      help: "Seconds that attempts of a task may take, 0 for no limit, default: as declared",
    },
    timeLimit,
    async ({ control }: Told, { task_name: task, soft, hard }) => {
      return await control.timeLimit(task, { soft: limitIn(soft), hard: limitIn(hard) });
    },
  ),
  command({ name: "enable_events", help: "Have workers send task events" }, none, async ({ control }: Told) => {
    return await control.enableEvents();
  }),
  command({ name: "disable_events", help: "Have them send none" }, none, async ({ control }: Told) => {
    return await control.disableEvents();
  }),
  command(
    { name: "add_consumer", args: "QUEUE", help: "Have messages of a queue begun again" },
    z.strictObject(
      { queue: name, exchange, exchange_type: exchange, routing_key: exchange, options: exchange },
      strictly,
    ),
    async ({ control }: Told, { queue }) => await control.addConsumer(queue),
  ),
  command(
    { name: "cancel_consumer", args: "QUEUE", help: "Have no message of a queue begun" },
    z.strictObject({ queue: name }, strictly),
    async ({ control }: Told, { queue }) => await control.cancelConsumer(queue),
  ),
  {
    ...command({ name: "shutdown", help: "Have workers begin nothing any more" }, none, async (told: Told) => {
      return await told.control.shutdown(told.whom);
    }),
    forSome: true,
  },
  {
    ...command({ name: "restart", help: "Take a shutdown back" }, none, async (told: Told) => {
      return await told.control.restart(told.whom);
    }),
    forSome: true,
  },
];

/** What a change is made with. */
export interface Telling {
  readonly args?: unknown;
  /** Which nodes are told; only a few changes can be for some. */
  readonly whom?: Whom;
}

/** What can be told, in the order in which it is told of. */
export const controlCommands: readonly Command[] = changes;

/**
 * Tells by Celery's name, with Celery's arguments:
 * `tell(control, "rate_limit", { args: { task_name: "shop.add", rate_limit: "10/m" } })`.
 * Throws `ImproperlyConfigured` for a change that there is not, `NotSupportedError` for one of Celery's that there cannot be
 * and for one of all workers that is asked of some, and what the change throws.
 */
export async function tell(control: Control, change: string, { args, whom = {} }: Telling = {}): Promise<Replies> {
  const found = commandNamed(changes, change, "control");
  const isForSome = whom.destination !== undefined || whom.pattern !== undefined;
  if (isForSome && found.forSome !== true) {
    throw new NotSupportedError(
      `${found.name} is for all workers, and not for some: what is asked of them is kept once, in the store`,
    );
  }
  return await found.run({ control, whom }, args);
}

/** Absent stands for what the task declares. */
function limitIn(given: number | typeof declared | null | undefined): number | null | undefined {
  return given === declared ? undefined : given;
}

/** Celery's command line has them as `name=value`. */
function stampsIn(given: StampedHeaders | readonly string[]): StampedHeaders {
  if (!isList(given)) return given;
  const pairs = given.map((each) => {
    const [stamp = "", ...value] = each.split("=");
    if (stamp !== "" && value.some((part) => part !== "")) return [stamp, value.join("=")] as const;
    throw new ImproperlyConfigured(`A stamp is given as NAME=VALUE, and not as ${JSON.stringify(each)}`);
  });
  const stamps = new Map<string, string[]>();
  for (const [stamp, value] of pairs) stamps.set(stamp, [...(stamps.get(stamp) ?? []), value]);
  return Object.fromEntries(stamps);
}

function isList(given: StampedHeaders | readonly string[]): given is readonly string[] {
  return Array.isArray(given);
}
