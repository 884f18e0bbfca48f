/**
 * Kombu's envelope: what Celery puts into Redis lists and channels, whatever is in it (celery-wire.md 2).
 *
 * @module
 */

import * as z from "zod/mini";
import { fromBase64 } from "./base64.ts";
import { AnyObject, decode, nullish, type ShapeOf } from "./decode.ts";
import { InvalidMessageError } from "./errors.ts";
import { inflate } from "./inflate.ts";
import { parseJson } from "./json.ts";

/** Where a message was sent to. */
export interface DeliveryInfo {
  readonly exchange?: string | null;
  readonly routing_key?: string | null;
  readonly [field: string]: unknown;
}

/** Properties that every envelope has; what is not known is carried along. */
export interface EnvelopeProperties {
  /** How the body is written: `null` and `utf-8` mean that it is the text itself. */
  readonly body_encoding?: "base64" | "utf-8" | null;
  /** New for each send. Without it a Python worker dies. */
  readonly delivery_tag: string;
  readonly delivery_info: DeliveryInfo;
  readonly [property: string]: unknown;
}

/** An envelope as it is written. */
export interface Envelope {
  readonly body: string;
  readonly "content-type": string;
  readonly "content-encoding"?: string | null;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: EnvelopeProperties;
}

/** What an envelope carries: its body decoded. */
export interface Letter {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: EnvelopeProperties;
  readonly body: unknown;
}

const deliveryInfoShape = {
  exchange: nullish(z.string()),
  routing_key: nullish(z.string()),
} satisfies ShapeOf<DeliveryInfo>;

const propertiesShape = {
  body_encoding: nullish(z.enum(["base64", "utf-8"])),
  delivery_tag: z.string().check(z.minLength(1)),
  delivery_info: z.looseObject(deliveryInfoShape),
} satisfies ShapeOf<EnvelopeProperties>;

const shape = {
  body: z.string(),
  "content-type": z.string(),
  "content-encoding": nullish(z.string()),
  headers: AnyObject,
  properties: z.looseObject(propertiesShape),
} satisfies ShapeOf<Envelope>;

/** Accepts an envelope of any content type. */
export const Envelope: z.ZodMiniType<Envelope> = z.looseObject(shape);

/**
 * Takes the body out of an envelope, given as JSON already parsed. Throws `InvalidMessageError` for what is no envelope,
 * for any content but JSON in UTF-8 (pickle is never read), and for a body that does not decode.
 */
export async function open(value: unknown): Promise<Letter> {
  const envelope = decode(Envelope, value, "Envelope");
  refuseForeign(envelope);
  const { headers, properties } = envelope;
  return { headers, properties, body: parseJson(await textOf(envelope)) };
}

function refuseForeign(envelope: Envelope): void {
  const { "content-type": type, "content-encoding": encoding } = envelope;
  if (type !== "application/json") throw new InvalidMessageError(`Envelope: content type ${type} is not accepted`);
  if (!/^(?:utf-?8|us-ascii|ascii)$/i.test(encoding ?? "utf-8")) {
    throw new InvalidMessageError(`Envelope: content encoding ${encoding} is not accepted`);
  }
}

async function textOf({ body, headers, properties }: Envelope): Promise<string> {
  if (properties.body_encoding !== "base64") return body;
  const bytes = await inflate(fromBase64(body), headers["compression"]);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidMessageError("Envelope: the body is not UTF-8");
  }
}
