/**
 * What a page does with the web app, over HTTP only: posts, polls, listens.
 *
 * @module
 */

import { poll } from "../running-program.ts";

/** An answer 202: where to look for what was accepted. */
export interface Accepted {
  readonly status: number;
  readonly location: string | null;
  readonly id: string;
  readonly links: Readonly<Record<"self" | "stream", string>>;
}

/** What is polled: a task, or a crawl. */
export interface Polled {
  readonly state: string;
  readonly [field: string]: unknown;
}

/** A server-sent event, or a comment, and the seconds after which it came. */
export interface Heard {
  readonly text: string;
  readonly after: number;
}

/** Posts JSON, with the token of development. */
export async function post(url: string, body: unknown): Promise<Accepted> {
  const headers = { "content-type": "application/json", authorization: "Bearer umbel-dev" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const answer: Omit<Accepted, "status" | "location"> = await response.json();
  return { ...answer, status: response.status, location: response.headers.get("location") };
}

/** Asks until what is asked for has ended; gives the last answer. */
export async function pollUntilReady(url: string): Promise<Polled> {
  const found = await poll(100, async () => {
    const answer: Polled = await (await fetch(url)).json();
    return ["PENDING", "STARTED", "RUNNING"].includes(answer.state) ? false : answer;
  });
  if (found === false) throw new Error(`${url} has not ended within 100 s`);
  return found;
}

/** Listens to a stream of server-sent events on one connection, until it ends. */
export async function listen(url: string): Promise<readonly Heard[]> {
  const startedAt = performance.now();
  const heard: Heard[] = [];
  const { body } = await fetch(url);
  let text = "";
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = (text + chunk).split("\n\n");
    text = events.pop() ?? "";
    heard.push(...events.map((event) => ({ text: event, after: (performance.now() - startedAt) / 1000 })));
  }
  return heard;
}
