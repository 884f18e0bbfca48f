/**
 * A relay on loopback between two parties, as a load balancer is one: it knows what went through, and what was cut.
 *
 * Who cannot be reached is passed over for the next target. A connection that breaks, and an answer that does not come in
 * time, is answered with `Retry-After: 1`, so that a test need not wait for the broker's own pauses.
 *
 * @module
 */

import { serve } from "../serve.ts";
import type { AtEnd } from "./child-program.ts";

/** A request that came by. */
export interface Passage {
  readonly path: string;
  readonly body: string;
  /** The broker's name for what it pushes; the same in each delivery of one message. */
  readonly messageId: string | null;
  /** Base URL of the target that got it. */
  target: string;
  /** Status that was passed on; before that, why there is none. `cut`: the target had it and went away. */
  outcome: number | "open" | "unreachable" | "cut" | "late";
  /** Text of the answer. */
  answer?: string;
  /** Seconds after which the target wants to be asked again. */
  retryAfter?: number;
}

/** What a relay does beyond passing on. */
export interface RelayOptions {
  /** Base URLs of those that are there now; requests go to one after the other. */
  readonly targets: () => readonly string[];
  /** Seconds for which it waits for an answer; for ever when absent. */
  readonly patience?: number;
  /** Gets each request that a target has answered, before the answer is passed on. */
  readonly answered?: (passage: Passage) => void | Promise<void>;
}

/** A relay that stands until the test is over. */
export interface Relay {
  readonly url: string;
  /** Oldest first. */
  readonly passages: readonly Passage[];
}

/** Starts a relay on a free port. */
export async function startRelay(atEnd: AtEnd, options: RelayOptions): Promise<Relay> {
  const passages: Passage[] = [];
  let turn = 0;
  const served = await serve(async (request) => {
    const { pathname, search } = new URL(request.url);
    const passage: Passage = {
      path: pathname + search,
      body: await request.text(),
      messageId: request.headers.get("upstash-message-id"),
      target: "",
      outcome: "open",
    };
    passages.push(passage);
    turn += 1;
    return await relay(passage, request, { ...options, turn });
  });
  atEnd(() => served.stop());
  return { url: served.url, passages };
}

async function relay(
  passage: Passage,
  request: Request,
  { targets, turn, patience, answered }: RelayOptions & { readonly turn: number },
): Promise<Response> {
  const all = targets();
  for (let nth = 0; nth < all.length; nth += 1) {
    passage.target = all[(turn + nth) % all.length] ?? "";
    const answer = await pass(passage, request, patience);
    if (answer === undefined && passage.outcome === "unreachable") continue;
    if (answer === undefined) return comeBack(502);
    await answered?.(passage);
    return answer;
  }
  passage.outcome = "unreachable";
  return comeBack(503);
}

/** The target's answer; undefined when there is none, and the passage says why. */
async function pass(passage: Passage, { method, headers }: Request, patience?: number): Promise<Response | undefined> {
  try {
    const answer = await fetch(passage.target + passage.path, {
      method,
      headers: travelling(headers),
      ...(passage.body !== "" && { body: passage.body }),
      ...(patience !== undefined && { signal: AbortSignal.timeout(patience * 1000) }),
    });
    const body = await answer.text();
    passage.answer = body;
    passage.outcome = answer.status;
    const wait = answer.headers.get("retry-after");
    if (wait !== null) passage.retryAfter = Number(wait);
    return new Response(body === "" ? null : body, {
      status: answer.status,
      headers: travelling(answer.headers),
    });
  } catch (error) {
    passage.outcome = reasonOf(error);
    return undefined;
  }
}

function reasonOf(error: unknown): "unreachable" | "cut" | "late" {
  if (!(error instanceof Error)) return "cut";
  if (error.name === "TimeoutError") return "late";
  return String(error.cause).includes("ECONNREFUSED") ? "unreachable" : "cut";
}

function comeBack(status: number): Response {
  return new Response(null, { status, headers: { "retry-after": "1" } });
}

/** Headers of one connection say nothing about the next. */
const ofOneConnection: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "host",
  "keep-alive",
  "transfer-encoding",
]);

function travelling(headers: Headers): [string, string][] {
  return [...headers].filter(([name]) => !ofOneConnection.has(name));
}
