/**
 * What spans say: by OpenTelemetry's conventions for messaging, and by the names that its instrumentation of Celery uses.
 *
 * No argument and no result is among them.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import type { TaskRequest } from "@umbel/core";
import type { TaskHeaders } from "@umbel/protocol";

/** Of a message. */
export interface Described {
  readonly headers: TaskHeaders;
  readonly queue: string;
  /** Name of the broker. */
  readonly system: string;
}

/** The span of a message that is sent. */
export function sendAttributes(described: Described): Attributes {
  return {
    ...messageAttributes(described),
    "messaging.operation.name": "publish",
    "messaging.operation.type": "send",
    "celery.action": "apply_async",
  };
}

/** The span of a message that is handled, by the worker of this name. */
export function processAttributes(described: Described, hostname: string): Attributes {
  return {
    ...messageAttributes(described),
    "messaging.operation.name": "process",
    "messaging.operation.type": "process",
    "celery.action": "run",
    "celery.hostname": hostname,
  };
}

/** The spans within that one. */
export function requestAttributes({ id, task, retries }: TaskRequest): Attributes {
  return { "messaging.message.id": id, "celery.task_name": task, ...retriesOf(retries) };
}

function messageAttributes({ headers, queue, system }: Described): Attributes {
  const { id, task, root_id: root, retries, eta, expires, origin } = headers;
  return {
    "messaging.system": system,
    "messaging.destination.name": queue,
    "messaging.message.id": id,
    "messaging.message.conversation_id": root ?? id,
    "celery.task_name": task,
    ...retriesOf(retries),
    ...told("celery.eta", eta),
    ...told("celery.expires", expires),
    ...told("celery.origin", origin),
  };
}

/** The first attempt says nothing of it. */
function retriesOf(retries: number | null | undefined): Attributes {
  return typeof retries === "number" && retries > 0 ? { "celery.retries": retries } : {};
}

function told(name: string, value: string | null | undefined): Attributes {
  return value === null || value === undefined ? {} : { [name]: value };
}
