/**
 * What an errback is told. Python's workers send the id of the failed call alone: then the failure is read first. Only a
 * worker needs it.
 *
 * @module
 */

import type { FailedCall } from "@umbel/canvas";
import { failureIn, messageOf, type ResultMeta } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import type { TaskRequest } from "./request.ts";

/**
 * Arguments as an errback's body takes them: a bare id is replaced by the failed call, read from the backend.
 * Throws `TypeError` for what is neither, `NotSupportedError` where an id comes and there is no backend.
 */
export async function toldArguments(
  app: CallingApplication,
  { task, rootId }: Pick<TaskRequest, "task" | "rootId">,
  [told, ...others]: readonly unknown[],
): Promise<readonly unknown[]> {
  if (typeof told === "string") return [await readFailure(app, told, rootId), ...others];
  if (typeof told === "object" && told !== null && "id" in told) return [told, ...others];
  throw new TypeError(`${task}() takes a failed call, or the id of one`);
}

async function readFailure(app: CallingApplication, id: string, rootId: string): Promise<FailedCall> {
  const [meta] = await app.backend.read([id]);
  const unknown = {
    id,
    rootId,
    task: "",
    args: [],
    kwargs: {},
    retries: 0,
    state: "FAILURE",
    traceback: null,
  } as const;
  if (meta === undefined) return { ...unknown, excType: "", excMessage: "Nothing is stored of it" };
  const failure = failureIn(meta.result);
  return {
    ...unknown,
    ...factsIn(meta),
    state: meta.status === "REVOKED" ? "REVOKED" : "FAILURE",
    excType: failure.exc_type,
    excMessage: messageOf(failure),
    traceback: meta.traceback ?? null,
  };
}

/** What an extended result says of its call. */
function factsIn({ name, args, kwargs, retries }: ResultMeta): Partial<FailedCall> {
  return {
    ...(typeof name === "string" && { task: name }),
    ...(Array.isArray(args) && { args }),
    ...(isNamed(kwargs) && { kwargs }),
    ...(typeof retries === "number" && { retries }),
  };
}

function isNamed(kwargs: unknown): kwargs is FailedCall["kwargs"] {
  return typeof kwargs === "object" && kwargs !== null && !Array.isArray(kwargs);
}
