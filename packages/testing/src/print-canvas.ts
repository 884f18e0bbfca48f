/**
 * Canvases as code: what a test would have to say to send the same.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";

/** A signature as code: `chain(shop.add.s(2, 2), group([shop.add.s(4)]))`, with the tasks' names as variables. */
export function printCanvas(signature: Signature): string {
  return expressionOf(signature) + optionsOf(signature) + followersOf(signature);
}

function expressionOf({ task, args, kwargs, immutable }: Signature): string {
  switch (task) {
    case "celery.chain":
      return `chain(${listOf(kwargs["tasks"])})`;
    case "celery.group":
      return `group([${listOf(kwargs["tasks"])}])`;
    case "celery.chord":
      return `chord(${headerOf(kwargs["header"])}, ${partOf(kwargs["body"])}${failingOf(kwargs["body"])})`;
    default: {
      const named = Object.keys(kwargs).length === 0 ? "" : `.kwargs(${valueOf(kwargs)})`;
      return `${task}.${immutable ? "si" : "s"}(${args.map(valueOf).join(", ")})${named}`;
    }
  }
}

/** A header is a list, in whichever form it lies there. */
function headerOf(header: unknown): string {
  if (Array.isArray(header)) return `[${listOf(header)}]`;
  const isGroup = isSignature(header) && header.task === "celery.group";
  return isGroup ? `[${listOf(header.kwargs["tasks"])}]` : partOf(header);
}

function failingOf(body: unknown): string {
  return isSignature(body) && body.options.on_error === "collect" ? ', { onError: "collect" }' : "";
}

function listOf(parts: unknown): string {
  return Array.isArray(parts) ? parts.map(partOf).join(", ") : "";
}

function partOf(part: unknown): string {
  return isSignature(part) ? printCanvas(part) : valueOf(part);
}

/** Options that a caller sets; the others are set by whoever sends. */
const shown = ["countdown", "eta", "expires", "queue", "priority", "time_limit", "soft_time_limit", "task_id"];

function optionsOf({ options }: Signature): string {
  const set = shown.filter((name) => (options[name] ?? null) !== null);
  if (set.length === 0) return "";
  return `.set({ ${set.map((name) => `${inCamelCase(name)}: ${valueOf(options[name])}`).join(", ")} })`;
}

function inCamelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function followersOf({ options }: Signature): string {
  const links = [options.link ?? []].flat().map((each) => `.link(${printCanvas(each)})`);
  const errbacks = [options.link_error ?? []].flat().map((each) => `.linkError(${printCanvas(each)})`);
  return [...links, ...errbacks].join("");
}

function isSignature(value: unknown): value is Signature {
  return typeof value === "object" && value !== null && "task" in value && "options" in value;
}

/** What has no JSON is refused where it is sent; printing must not be what fails. */
function valueOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
