/**
 * Whether a request comes from this machine: only there are the development secrets good, which everybody knows
 * (delivery.md 22).
 *
 * The host in its URL is what the caller wrote, so it is not enough. Node, Bun and Deno tell who is connected; a proxy on
 * this machine tells for whom it asks, if it has been told to: one that hands on nothing but the request (nginx, unless it
 * has a line for each header) cannot be told from a program of this machine. Hence the warning of `public-secret.ts`.
 *
 * @module
 */

import { isLoopback } from "@umbel/protocol";
import { isRecord } from "./environment.ts";

/** Whether a request is local, as far as can be told; `bindings` are what the runtime gave with it (Hono's `env`). */
export function isLocalRequest(request: Request, bindings: unknown): boolean {
  const peer = peerOf(request, bindings);
  const addresses = [...(peer === undefined ? [] : [peer]), ...forwardedFor(request.headers)];
  return isLoopback(request.url) && addresses.every(isLocalAddress);
}

/** Whom a proxy asks for. Its other headers are not taken apart: with one of them the request is from elsewhere. */
function forwardedFor(headers: Headers): readonly string[] {
  const addresses = ["x-forwarded-for", "x-real-ip"].flatMap((name) => headers.get(name)?.split(",") ?? []);
  return headers.has("forwarded") || headers.has("via") ? [...addresses, "elsewhere"] : addresses;
}

/** The address at the other end: Node's adapter gives its request, Deno its connection, Bun its server. */
function peerOf(request: Request, bindings: unknown): string | undefined {
  if (!isRecord(bindings)) return undefined;
  const { incoming, remoteAddr, requestIP } = bindings;
  if (isRecord(incoming)) return textIn(incoming["socket"], "remoteAddress");
  if (isRecord(remoteAddr)) return textIn(remoteAddr, "hostname");
  return typeof requestIP === "function" ? textIn(Reflect.apply(requestIP, bindings, [request]), "address") : undefined;
}

function textIn(record: unknown, name: string): string | undefined {
  const value = isRecord(record) ? record[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

function isLocalAddress(text: string): boolean {
  return /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$|^localhost$/i.test(text.trim());
}
