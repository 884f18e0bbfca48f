/**
 * Good messages and records, to be made bad: some of ours, and captures of real Celery where they lie beside the checkout.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../shared/fixtures/celery-wire/", import.meta.url));

const headers = {
  lang: "js",
  task: "tasks.add",
  id: "0190a0c0-0000-7000-8000-000000000001",
  root_id: "0190a0c0-0000-7000-8000-000000000001",
  parent_id: null,
  eta: null,
  expires: null,
  retries: 0,
  timelimit: [null, null],
  group: "group-1",
  group_index: 0,
  shadow: null,
  ignore_result: false,
  stamps: {},
  mine: "a header of my own",
};
const add = {
  task: "tasks.add",
  args: [1],
  kwargs: {},
  options: { task_id: "next" },
  subtask_type: null,
  immutable: false,
};
const group = { ...add, task: "celery.group", args: [], kwargs: { tasks: [add, add] }, subtask_type: "group" };
const reference = { root: headers.id, hash: "0c4a6a2e-5f0b-5d6e-9a51-2f6d1f6f3a10", at: 0, of: 3, until: 1e13 };
const referring = { ...add, task: "umbel.stored", args: [], kwargs: reference, immutable: true };
const embeds = [
  null,
  { callbacks: [referring], errbacks: [referring], chain: null, chord: null, given: reference },
  {
    callbacks: null,
    errbacks: null,
    chain: [referring],
    chord: { ...referring, options: { task_id: "body", chord_size: 1, group_id: "group-1" } },
  },
  { callbacks: [add, group], errbacks: [add], chain: null, chord: null },
  {
    callbacks: null,
    errbacks: null,
    chain: [add, { ...add, options: { task_id: "last", countdown: 1, link: [add] } }],
    chord: null,
  },
  {
    callbacks: null,
    errbacks: null,
    chain: null,
    chord: { ...add, options: { task_id: "body", chord_size: 1, queue: "default" } },
  },
  {
    callbacks: [
      { ...add, task: "celery.chord", kwargs: { header: group, body: add }, subtask_type: "chord" },
      { ...add, task: "celery.chunks", kwargs: { task: add, it: [[1], [2], [3]], n: 2 } },
      { ...add, task: "celery.starmap", kwargs: { task: add, it: [[1, 2]] } },
      { ...add, task: "celery.chain", kwargs: { tasks: [add, group, add] }, subtask_type: "chain" },
    ],
  },
];
const message = {
  headers,
  properties: {
    correlation_id: headers.id,
    reply_to: "",
    queue: "default",
    priority: 3,
    generation: 0,
    early: true,
    requeues: 1,
  },
};

/** Bodies of pushes, in our form. */
export const pushes: readonly string[] = embeds.map((embed) =>
  JSON.stringify({ v: 1, ...message, body: [[1, 2], {}, embed] }),
);

/** The same in kombu's envelope. */
export const envelopes: readonly string[] = embeds.flatMap((embed) => {
  const body = JSON.stringify([[1, 2], {}, embed]);
  const rest = { "content-type": "application/json", "content-encoding": "utf-8", headers };
  const properties = { delivery_tag: "1", delivery_info: { exchange: "", routing_key: "default" } };
  return [
    JSON.stringify({ ...rest, body, properties: { ...properties, body_encoding: "utf-8" } }),
    JSON.stringify({ ...rest, body: btoa(body), properties: { ...properties, body_encoding: "base64" } }),
  ];
});

/** Signatures, as they travel. */
export const signatures: readonly string[] = [add, group].map((each) => JSON.stringify(each));

/** Results, as they are stored. */
export const results: readonly string[] = [
  {
    status: "SUCCESS",
    result: { a: [1] },
    traceback: null,
    children: [[["c", [["p", null], null]], [[["m", null], null]]]],
    date_done: "2026-01-01T00:00:00.000000+00:00",
    task_id: "a",
  },
  {
    status: "FAILURE",
    result: { exc_type: "ValueError", exc_message: ["boom"], exc_module: "builtins", exc_cause: null },
    traceback: "Traceback",
    children: [],
    date_done: null,
    task_id: "a",
    retries: 1,
  },
].map((each) => JSON.stringify(each));

/** Groups, effects and parts of chords, as they are stored. */
export const groups: readonly string[] = [JSON.stringify({ result: [["g", null], [[["m", null], null]]] })];
export const effects: readonly string[] = [
  JSON.stringify([
    {
      kind: "send",
      publication: { message: { ...message, body: [[], {}, null] }, queue: "default", deduplicationId: "1:0:0" },
    },
    { kind: "settle", id: "a", state: "FAILURE" },
    {
      kind: "join",
      part: { id: "a", index: 0, state: "SUCCESS", result: 1 },
      group: "g",
      size: 2,
      body: add,
      root: "a",
    },
  ]),
];
export const chordParts: readonly string[] = [JSON.stringify({ id: "a", index: 0, state: "SUCCESS", result: [1] })];

/** Bodies of failure callbacks. */
export const callbacks: readonly string[] = pushes.map((body) =>
  JSON.stringify({ status: 500, sourceBody: btoa(body), retried: 30, url: "http://a.test" }),
);

/** Events. */
export const events: readonly string[] = [
  JSON.stringify({
    type: "task-failed",
    uuid: "a",
    exception: "E()",
    traceback: null,
    hostname: "h",
    timestamp: 1.5,
    clock: 1,
  }),
  JSON.stringify({ type: "worker-heartbeat", freq: 2, active: 0, loadavg: [0, 1, 2], hostname: "h", timestamp: 1.5 }),
];

/** What real clients and workers have sent; our own again when the captures are not there. */
export const captured: readonly string[] = existsSync(folder) ? rawTexts() : envelopes;

/** The pushes and publications of all captures, each once, those that are not huge. */
function rawTexts(): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\d\/.*\.json$/.test(file));
  const texts = files.flatMap((file) => Array.from(textsIn(JSON.parse(readFileSync(`${folder}${file}`, "utf8")))));
  return [...new Set(texts)].filter((text) => text.length < 20_000).slice(0, 400);
}

function* textsIn(capture: unknown): Generator<string> {
  if (typeof capture !== "object" || capture === null) return;
  for (const [key, value] of Object.entries(capture)) {
    if (key === "raw" && typeof value === "string" && value.startsWith("{")) yield value;
    else yield* textsIn(value);
  }
}
