/**
 * The request of a task that is called on the spot, like any function: no message has brought it.
 *
 * @module
 */

import { reprArgs } from "@umbel/protocol";
import { printing, type TaskRequest } from "./request.ts";

/** What is null in it: nobody said when, for whom, or what is to follow. */
const unsaid = {
  parentId: null,
  group: null,
  groupIndex: null,
  eta: null,
  expires: null,
  timeLimit: null,
  softTimeLimit: null,
  shadow: null,
  origin: null,
  replyTo: null,
  callbacks: null,
  errbacks: null,
  chain: null,
  chord: null,
} as const;

/** The request of a call with these arguments. */
export function directRequest(task: string, args: readonly unknown[], id: string): TaskRequest {
  return printing({
    ...unsaid,
    id,
    task,
    args,
    kwargs: {},
    retries: 0,
    rootId: id,
    hostname: "local",
    ignoreResult: false,
    correlationId: id,
    argsrepr: reprArgs(args),
    kwargsrepr: "{}",
    deliveryInfo: { queue: "", priority: null, redelivered: false },
    headers: {},
    properties: {},
    stamps: {},
    stampedHeaders: [],
    replacedTaskNesting: 0,
    children: [],
    utc: true,
    isEager: false,
    calledDirectly: true,
  });
}
