/**
 * Errors over HTTP as problem details (RFC 9457).
 *
 * @module
 */

import type { ErrorCode } from "@umbel/protocol";

/** What went wrong, for a program and for a person. */
export interface Problem {
  readonly status: number;
  /** One of ours, or a plain HTTP mistake's name. */
  readonly code:
    | ErrorCode
    | "UNAUTHORIZED"
    | "BODY_TOO_LARGE"
    | "LEASED"
    | "PAUSED"
    | "NOT_FOUND"
    | "REJECTED"
    | "UNAVAILABLE";
  /** What is wrong, where, and how to mend it. */
  readonly detail: string;
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Unauthorized",
  404: "Not found",
  409: "Conflict",
  413: "Body too large",
  489: "Not to be delivered again",
  503: "Service unavailable",
};

/** The response for a problem. */
export function problem({ status, code, detail }: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  const body = { type: `urn:umbel:error:${code}`, title: titles[status] ?? "Error", status, code, detail };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}
