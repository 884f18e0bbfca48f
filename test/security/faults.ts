/**
 * What is wrong with an answer to an attacker.
 *
 * @module
 */

import { secret } from "./secrets.ts";

/** What is wrong; empty when nothing is. Answers other than `good` ones are problem details with a status among `bad`. */
export async function faultsIn(
  response: Response,
  { good, bad }: { readonly good: readonly number[]; readonly bad: readonly number[] },
): Promise<readonly string[]> {
  const { status } = response;
  const text = await response.text();
  const shown = `${status} ${text}`;
  return [
    ...([...good, ...bad].includes(status) ? [] : [`is no documented status: ${shown}`]),
    ...(good.includes(status) || isProblem(response, text) ? [] : [`is no problem details: ${shown}`]),
    ...(text.includes(secret) ? [`has the secret: ${shown}`] : []),
    ...(/\.ts:\d+|node_modules|\n\s+at /.test(text) ? [`shows the server's inside: ${shown}`] : []),
    // Only a newer worker's message is put off (delivery.md 1): another one would come again and again, for nothing.
    ...(status >= 500 && !text.includes('"UNSUPPORTED_VERSION"') ? [`puts off what will never be good: ${shown}`] : []),
  ];
}

function isProblem(response: Response, text: string): boolean {
  if (response.headers.get("content-type") !== "application/problem+json") return false;
  const problem: unknown = JSON.parse(text);
  return typeof problem === "object" && problem !== null && "code" in problem && "detail" in problem;
}
