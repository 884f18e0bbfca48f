/**
 * A message as it stands in a request: the destination in the path, settings in headers or the query, the body as it is.
 *
 * @module
 */

import type { Context } from "hono";

import type { ApiOptions } from "./api-options.ts";
import { destinationAfter, type PathDestination } from "./destination.ts";
import { canTravel } from "./header.ts";
import { publisherHeaders } from "./publisher-headers.ts";
import { readBytes } from "./request-body.ts";
import { RequestError } from "./request-error.ts";

/** What a request says of a message. */
export interface Publication {
  /** Not checked. */
  readonly destination: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Reads a request whose path is `prefix` and then the destination. Throws `RequestError`. */
export async function readPublication(context: Context, prefix: string, options: ApiOptions): Promise<Publication> {
  const { destination, settings } = destinationAfter(prefix, context.req.url);
  const headers = withSettings(publisherHeaders(context.req.raw, options), settings);
  return { destination, headers, body: await readBytes(context.req.raw, options.maxBody) };
}

function withSettings(headers: Headers, settings: PathDestination["settings"]): Headers {
  for (const [name, value] of settings) {
    if (!canTravel(value)) throw new RequestError(400, `${name}: the value cannot stand in a header`);
    headers.set(name, value);
  }
  return headers;
}
