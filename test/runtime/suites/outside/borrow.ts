/**
 * Asks the lender, from within workerd, for what can only be outside of it. The types here are those that the functions of
 * that name have there.
 *
 * @module
 */

import { inject } from "vitest";
import type { Answer, Call } from "./lender.ts";
import { noteAddresses } from "./lent-ports.ts";

/** Something that is lent: what was told of it, and a way to call its functions. */
export type Borrowed<Told> = Told & {
  readonly ask: <Value>(name: string, ...args: readonly unknown[]) => Promise<Value>;
};

/** Has the lender call a function that starts something. Rejects with what went wrong there. */
export async function borrow<Told extends object>(name: string, ...args: readonly unknown[]): Promise<Borrowed<Told>> {
  const { id, value }: Answer<Told> = await (await call({ name, args })).json();
  noteAddresses(value);
  return {
    ...value,
    async ask<Value>(asked: string, ...own: readonly unknown[]) {
      const response = await call({ name: asked, args: own, ...(id !== undefined && { id }) });
      const answer: Answer<Value> = await response.json();
      return answer.value;
    },
  };
}

async function call(made: Call): Promise<Response> {
  const { url } = inject("lender");
  noteAddresses(url);
  const response = await fetch(url, { method: "POST", body: JSON.stringify(made) });
  if (!response.ok) throw new Error(await response.text());
  return response;
}
