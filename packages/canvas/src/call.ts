/**
 * A call that is to be made now: everything that its message will say, but for what only the application knows.
 *
 * @module
 */

import { ImproperlyConfigured, type Signature, type SignatureOptions, type TaskEmbed } from "@umbel/protocol";
import { callOptions } from "./options.ts";
import { type Linked, listOf } from "./signature.ts";

/** Options of a call, by Celery's names: those of a signature, with the ids resolved. Null ones are left out. */
export interface CallOptions extends SignatureOptions {
  readonly task_id: string;
  readonly root_id: string;
}

/** One message to send. */
export interface Call {
  /** Id of the call, and of its result. */
  readonly id: string;
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Due time and limits are still as the signature has them: seconds count from when the message is made. */
  readonly options: CallOptions;
  /** What must follow it. */
  readonly embed: TaskEmbed;
}

/** The call of a frozen signature of one task. */
export function callOf(signature: Signature): Call {
  const { task, args, kwargs, options } = signature;
  const id = taskIdOf(signature);
  return {
    id,
    task,
    args,
    kwargs,
    options: { ...callOptions(options), task_id: id, root_id: options.root_id ?? id },
    embed: {
      callbacks: listOrNull(options.link),
      errbacks: listOrNull(options.link_error),
      chain: options.chain ?? null,
      chord: options.chord ?? null,
    },
  };
}

/** Id of a frozen task or group. Throws `ImproperlyConfigured` when it was not frozen. */
export function taskIdOf({ task, options }: Signature): string {
  if (typeof options.task_id === "string") return options.task_id;
  throw new ImproperlyConfigured(`A signature of ${task} has no id: freeze it before it is sent`);
}

function listOrNull(linked: Linked): readonly Signature[] | null {
  const list = listOf(linked);
  return list.length === 0 ? null : list;
}
