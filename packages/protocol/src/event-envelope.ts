/**
 * Events as they are published: alone, or a worker's task events in a list (celery-wire.md 10).
 *
 * @module
 */

import { type Letter, open } from "./envelope.ts";
import { EncodeError, InvalidMessageError } from "./errors.ts";
import { decodeEvent, type EventBody } from "./event.ts";
import { parseJson } from "./json.ts";
import { seal } from "./seal.ts";

/** A UUID, new for each publication. */
export interface EventOptions {
  readonly deliveryTag: string;
}

/** The type under which lists of task events are published. */
const listType = "task-multi";

/** The channel of an event's type: `/0.celeryev/task.failed`; lists go to that of `task-multi`. */
export function eventChannel(type: string, database = 0): string {
  return `/${database}.celeryev/${routingKeyOf(type)}`;
}

/** Writes one event as it is published on its type's channel. */
export function encodeEvent(event: EventBody, options: EventOptions): string {
  return seal({ ...addressOf(event, event.type, options), body: event });
}

/** Writes task events of one node as a list, for the channel of `task-multi`. */
export function encodeEvents(events: readonly EventBody[], options: EventOptions): string {
  const [first] = events;
  if (!first) throw new EncodeError("There is no event to write");
  return seal({ ...addressOf(first, listType, options), body: events });
}

/** Reads what came on an event channel: one event or a list. Throws `InvalidMessageError` that names the field. */
export async function decodeEvents(text: string): Promise<readonly EventBody[]> {
  const { body } = await open(parseJson(text));
  return Array.isArray(body) ? body.map(decodeEvent) : [decodeEvent(body)];
}

/**
 * The same for whoever must not stop at what makes no sense: undefined stands for an event that is malformed, and for an
 * envelope that cannot be read.
 */
export async function readEvents(text: string): Promise<readonly (EventBody | undefined)[]> {
  const body = await readable(async () => (await open(parseJson(text))).body);
  const bodies: readonly unknown[] = Array.isArray(body) ? body : [body];
  return await Promise.all(bodies.map((each) => readable(() => decodeEvent(each))));
}

/** Undefined for what is malformed. */
async function readable<Value>(read: () => Value | Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InvalidMessageError) return undefined;
    throw error;
  }
}

function addressOf(event: EventBody, type: string, { deliveryTag }: EventOptions): Omit<Letter, "body"> {
  return {
    headers: { hostname: event.hostname },
    properties: {
      delivery_mode: 1,
      delivery_info: { exchange: "celeryev", routing_key: routingKeyOf(type) },
      delivery_tag: deliveryTag,
    },
  };
}

function routingKeyOf(type: string): string {
  return type.replaceAll("-", ".");
}
