/**
 * Remote control: what is asked of workers, and what they answer (celery-wire.md 11).
 *
 * @module
 */

import * as z from "zod/mini";
import { AnyObject, decode, nullish, type ShapeOf } from "./decode.ts";
import { open } from "./envelope.ts";
import { parseJson } from "./json.ts";
import { seal } from "./seal.ts";

/** Where an answer is pushed: the list `<routing_key>.<exchange>`. */
export interface ReplyAddress {
  readonly exchange: string;
  readonly routing_key: string;
}

/** A command to workers, `ping` for example. */
export interface ControlRequest {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Node names; absent or null: whom the pattern fits, else everybody. */
  readonly destination?: readonly string[] | null;
  readonly pattern?: string | null;
  readonly matcher?: string | null;
  /** Absent, like the address, when no answer is wanted. */
  readonly ticket?: string | null;
  readonly reply_to?: ReplyAddress | null;
  readonly [field: string]: unknown;
}

/** What stands on a request's envelope. */
export interface ControlHeaders {
  readonly clock?: number | null;
  /** Unix seconds after which the request is void; 0 or absent: never. */
  readonly expires?: number | null;
  readonly [header: string]: unknown;
}

/** What stands on a reply's envelope. */
export interface ReplyHeaders {
  /** That of the request. */
  readonly ticket: string;
  readonly clock?: number | null;
  readonly [header: string]: unknown;
}

/** A request with its headers. */
export interface ControlMessage {
  readonly headers: ControlHeaders;
  readonly request: ControlRequest;
}

/** Answers by node name, one as a rule, with their headers. */
export interface ControlReply {
  readonly headers: ReplyHeaders;
  readonly answers: Readonly<Record<string, unknown>>;
}

const text = z.string().check(z.minLength(1));

const addressShape = { exchange: text, routing_key: text } satisfies ShapeOf<ReplyAddress>;

const requestShape = {
  method: text,
  arguments: AnyObject,
  destination: nullish(z.array(z.string())),
  pattern: nullish(z.string()),
  matcher: nullish(z.string()),
  ticket: nullish(z.string()),
  reply_to: nullish(z.looseObject(addressShape)),
} satisfies ShapeOf<ControlRequest>;

const headersShape = { clock: nullish(z.int()), expires: nullish(z.number()) } satisfies ShapeOf<ControlHeaders>;

const replyHeadersShape = { ticket: text, clock: nullish(z.int()) } satisfies ShapeOf<ReplyHeaders>;

/** Accepts a command. */
export const ControlRequest: z.ZodMiniType<ControlRequest> = z.looseObject(requestShape);

const messageShape = {
  headers: z.looseObject(headersShape),
  request: ControlRequest,
} satisfies ShapeOf<ControlMessage>;

const replyShape = {
  headers: z.looseObject(replyHeadersShape),
  answers: AnyObject,
} satisfies ShapeOf<ControlReply>;

/** Accepts a request with its headers. */
export const ControlMessage: z.ZodMiniType<ControlMessage> = z.object(messageShape);
/** Accepts a reply with its headers. */
export const ControlReply: z.ZodMiniType<ControlReply> = z.object(replyShape);

/** Writes a request as it is published on `/<db>.celery.pidbox`. The tag is a UUID, new for each. */
export function encodeControlRequest({ headers, request }: ControlMessage, options: { deliveryTag: string }): string {
  const properties = {
    delivery_mode: 2,
    delivery_info: { exchange: "celery.pidbox", routing_key: "" },
    delivery_tag: options.deliveryTag,
  };
  return seal({ headers, properties, body: request });
}

/** Reads a request. Throws `InvalidMessageError` that names the field. */
export async function decodeControlRequest(envelope: string): Promise<ControlMessage> {
  const { headers, body } = await open(parseJson(envelope));
  return decode(ControlMessage, { headers, request: body }, "Control request");
}

/** Where a reply goes, and the tag of its sending: a new UUID each time. */
export interface ReplyOptions {
  readonly to: ReplyAddress;
  readonly deliveryTag: string;
}

/** Writes a reply as it is pushed to the list of the request's `reply_to`. */
export function encodeControlReply({ headers, answers }: ControlReply, { to, deliveryTag }: ReplyOptions): string {
  const properties = { delivery_mode: 1, delivery_info: { ...to }, delivery_tag: deliveryTag };
  return seal({ headers, properties, body: answers });
}

/** Reads a reply. Throws `InvalidMessageError` that names the field. */
export async function decodeControlReply(envelope: string): Promise<ControlReply> {
  const { headers, body } = await open(parseJson(envelope));
  return decode(ControlReply, { headers, answers: body }, "Control reply");
}
