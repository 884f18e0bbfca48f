/**
 * Who has started a worker and takes its signs: `umbel dev`.
 *
 * @module
 */

import process from "node:process";

/** One of them. */
export interface Starter {
  /** Its process id. */
  readonly pid: number;
  /** How a line of a sign begins. Nobody else knows it, so nothing that is printed can be taken for a sign. */
  readonly mark: string;
}

/** Has the starter's process id, and the secret part of the mark. */
const variable = "UMBEL_STARTER";

/** This process as the starter of another, and the variables by which that one knows it. */
export function newStarter(): Starter & { readonly variables: Readonly<Record<string, string>> } {
  const secret = crypto.randomUUID();
  const { pid } = process;
  return { pid, mark: markOf(secret), variables: { [variable]: `${pid} ${secret}` } };
}

/** Who has started this process; undefined where nobody has who takes signs. What this one starts does not inherit it. */
export function takeStarter(): Starter | undefined {
  const [, pid, secret] = /^(\d+) (\S+)$/.exec(process.env[variable] ?? "") ?? [];
  Reflect.deleteProperty(process.env, variable);
  return pid === undefined || secret === undefined ? undefined : { pid: Number(pid), mark: markOf(secret) };
}

function markOf(secret: string): string {
  return `\u0001umbel:${secret} `;
}
