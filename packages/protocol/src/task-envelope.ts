/**
 * Task messages in kombu's envelope, as Python clients and workers exchange them on Redis lists.
 *
 * @module
 */

import { decode } from "./decode.ts";
import { type Letter, open } from "./envelope.ts";
import { isPlainObject } from "./json-value.ts";
import { parseJson } from "./json.ts";
import { TaskMessage } from "./message.ts";
import { modernized } from "./protocol-1.ts";
import { seal } from "./seal.ts";

/** A letter without what told how its body was written. */
type Unpacked = Omit<Letter, "properties"> & { readonly properties: Readonly<Record<string, unknown>> };

/** Where a message goes, and the tag of this sending: a new UUID each time. */
export interface EnvelopeOptions {
  readonly queue: string;
  readonly deliveryTag: string;
}

/** Writes a message as a Python worker takes it from a Redis list. Throws `EncodeError` when a value in it is not JSON. */
export function encodeEnvelope(message: TaskMessage, { queue, deliveryTag }: EnvelopeOptions): string {
  const { delivery_info: known } = message.properties;
  return seal({
    headers: message.headers,
    properties: {
      delivery_mode: 2,
      ...message.properties,
      // The nameless exchange, whatever it was: another one would copy the message to each queue bound to it.
      delivery_info: { ...(isPlainObject(known) ? known : {}), exchange: "", routing_key: queue },
      delivery_tag: deliveryTag,
    },
    body: message.body,
  });
}

/**
 * Reads a message that a Python client or worker sent, of protocol 2 or 1, compressed or not. Throws
 * `InvalidMessageError` for the same input as Celery refuses, or dies of.
 */
export async function decodeEnvelope(text: string): Promise<TaskMessage> {
  return openTask(parseJson(text));
}

/** As {@link decodeEnvelope}, of JSON already parsed. */
export async function openTask(value: unknown): Promise<TaskMessage> {
  const { headers, properties, body } = unpacked(await open(value));
  // The header is how a worker knows protocol 2 from 1.
  const isOld = isPlainObject(body) && headers["task"] === undefined;
  return decode(TaskMessage, isOld ? modernized(body, properties) : { headers, properties, body }, "Message");
}

function unpacked({ headers, properties, body }: Letter): Unpacked {
  const { compression: _compression, ...ownHeaders } = headers;
  const { body_encoding: _encoding, delivery_tag: _tag, ...ownProperties } = properties;
  return { headers: ownHeaders, properties: ownProperties, body };
}
