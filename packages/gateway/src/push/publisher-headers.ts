/**
 * The headers of a publisher's request.
 *
 * @module
 */

import { bearerIn } from "../http/bearer.ts";
import type { ApiOptions } from "./api-options.ts";

/** All but our own token, which `Upstash-Header-Forward` would otherwise give to the destination. */
export function publisherHeaders(request: Request, { isToken }: Pick<ApiOptions, "isToken">): Headers {
  const headers = new Headers(request.headers);
  const bearer = bearerIn(headers);
  if (bearer !== undefined && isToken(bearer)) headers.delete("authorization");
  return headers;
}
