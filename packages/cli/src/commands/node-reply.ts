/**
 * What nodes answer, as Celery's command line shows it (celery-semantics.md 10).
 *
 * @module
 */

import { harmlessLine } from "../harmless.ts";
import { many } from "../many.ts";
import type { Terminal } from "../terminal.ts";

/** What is said above a node's answer: `->  worker@shop: OK`. */
export function nodeLine(node: string, isGood: boolean, { paint }: Pick<Terminal, "paint">): string {
  return `->  ${paint("bold", harmlessLine(node))}: ${isGood ? paint("green", "OK") : paint("red", "ERROR")}`;
}

/** What is said above what waits for a worker, or is held by one, that is not online: nobody there has answered. */
export function absentLine(node: string, { paint }: Pick<Terminal, "paint">): string {
  return `->  ${paint("bold", harmlessLine(node))}: ${paint("yellow", "not online")}`;
}

/** How many there are: `2 nodes online.` */
export function countLine(count: number): string {
  return `${many(count, "node")} online.`;
}

/** The lines of an answer: a text as it is, a star before each item of a list, all else as JSON. */
export function answerLines(answer: unknown): readonly string[] {
  if (Array.isArray(answer)) return answer.length === 0 ? indented("- empty -") : answer.flatMap(starred);
  if (isText(answer)) return indented(answer.ok);
  return indented(typeof answer === "string" ? answer : JSON.stringify(answer, null, 2));
}

function starred(item: unknown): readonly string[] {
  const [first = "", ...rest] = (typeof item === "string" ? item : JSON.stringify(item, null, 2)).split("\n");
  return [`    * ${first}`, ...rest.map((line) => `      ${line}`)];
}

/** The form in which Celery wraps texts; what stands beside one is in it, for people. */
function isText(answer: unknown): answer is { readonly ok: string } {
  if (typeof answer !== "object" || answer === null || !("ok" in answer)) return false;
  return typeof answer.ok === "string" && Object.keys(answer).every((name) => name === "ok" || name === "revoked");
}

function indented(text: string): readonly string[] {
  return text.split("\n").map((line) => `    ${line}`.trimEnd());
}
