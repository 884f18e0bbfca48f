import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import { ControlMessage, ControlReply } from "../src/control.ts";
import {
  decodeControlReply,
  decodeControlRequest,
  decodeEnvelope,
  decodeEvents,
  decodeResult,
  Effect,
  Envelope,
  type EventBody,
  KnownEvent,
  parseJson,
  Publication,
  type ResultMeta,
  type TaskMessage as Message,
  TaskMessage,
} from "../src/index.ts";
import { type Check, misfitIn } from "../src/check.ts";
import { failureChecks } from "../src/failure.ts";
import { resultChecks } from "../src/result.ts";
import { capture, captureNames, firstMessage, hasCaptures } from "./captures.ts";

const signature = { task: "tasks.add", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };

/** Values to put into a field; `absent` takes it away. */
const samples = {
  absent: undefined,
  null: null,
  boolean: true,
  integer: 3,
  fraction: 0.5,
  empty: "",
  text: "some text",
  date: "2026-11-21T06:51:04.854146+00:00",
  list: [],
  object: {},
  signature,
  signatures: [signature],
};

type Kind = keyof typeof samples;

const any: readonly Kind[] = [
  "null",
  "boolean",
  "integer",
  "fraction",
  "empty",
  "text",
  "date",
  "list",
  "object",
  "signature",
  "signatures",
];
const kinds: readonly Kind[] = ["absent", ...any];
const name: readonly Kind[] = ["text", "date"];
const text: readonly Kind[] = ["empty", ...name];
const number: readonly Kind[] = ["integer", "fraction"];
const object: readonly Kind[] = ["object", "signature"];
const list: readonly Kind[] = ["list", "signatures"];
const oneOrMore: readonly Kind[] = ["list", "signature", "signatures"];

/** Each field of one object: what it may hold, and nothing else. */
interface Row {
  readonly of: string;
  readonly schema: z.ZodMiniType;
  readonly base: () => Promise<unknown>;
  /** Where in the base the object is. */
  readonly at?: readonly (string | number)[];
  readonly fields: Readonly<Record<string, readonly Kind[]>>;
}

const eventFields = {
  hostname: name,
  timestamp: number,
  utcoffset: maybe(number),
  pid: maybe("integer"),
  clock: maybe("integer"),
  type: [],
};
const taskEventFields = { ...eventFields, uuid: name };
const callFields = {
  ...taskEventFields,
  name,
  args: maybe(text),
  kwargs: maybe(text),
  root_id: maybe(text),
  parent_id: maybe(text),
  retries: maybe("integer"),
  eta: maybe(text),
  expires: maybe(text),
};
const threwFields = { ...taskEventFields, exception: text, traceback: maybe(text) };
const workerFields = {
  ...eventFields,
  freq: maybe(number),
  active: maybe("integer"),
  processed: maybe("integer"),
  loadavg: maybe("list"),
  sw_ident: maybe(text),
  sw_ver: maybe(text),
  sw_sys: maybe(text),
};

const eventRows: readonly (readonly [type: string, fields: Row["fields"]])[] = [
  ["task-sent", { ...callFields, queue: maybe(text), exchange: maybe(text), routing_key: maybe(text) }],
  ["task-received", callFields],
  ["task-started", taskEventFields],
  ["task-succeeded", { ...taskEventFields, result: text, runtime: number }],
  ["task-failed", threwFields],
  ["task-retried", threwFields],
  [
    "task-revoked",
    { ...taskEventFields, terminated: ["boolean"], signum: ["null", ...number, ...text], expired: ["boolean"] },
  ],
  ["task-rejected", { ...taskEventFields, requeue: ["boolean"] }],
  ["worker-online", workerFields],
  ["worker-heartbeat", workerFields],
  ["worker-offline", workerFields],
];

const rows: readonly Row[] = [
  {
    of: "TaskMessage",
    schema: TaskMessage,
    base: chordMember,
    fields: { headers: [], properties: object, body: [] },
  },
  {
    of: "TaskHeaders",
    schema: TaskMessage,
    base: chordMember,
    at: ["headers"],
    fields: {
      lang: maybe(text),
      task: name,
      id: name,
      shadow: maybe(text),
      eta: maybe("date"),
      expires: maybe("date"),
      group: maybe(text),
      group_index: maybe("integer"),
      retries: maybe("integer"),
      timelimit: maybe(),
      root_id: maybe(text),
      parent_id: maybe(text),
      argsrepr: maybe(text),
      kwargsrepr: maybe(text),
      origin: maybe(text),
      ignore_result: maybe("boolean"),
      replaced_task_nesting: maybe("integer"),
      stamped_headers: maybe("list"),
      stamps: maybe(object),
    },
  },
  {
    of: "TaskProperties",
    schema: TaskMessage,
    base: chordMember,
    at: ["properties"],
    fields: {
      correlation_id: maybe(text),
      reply_to: maybe(text),
      priority: maybe(number),
      queue: maybe(text),
      flow_key: maybe(text),
      generation: maybe("integer"),
      early: maybe("boolean"),
      requeues: maybe("integer"),
      attempts_before: maybe("integer"),
      added_at: maybe("list"),
      additions: maybe("list"),
    },
  },
  {
    of: "TaskEmbed",
    schema: TaskMessage,
    base: chordMember,
    at: ["body", 2],
    fields: {
      callbacks: maybe(list),
      errbacks: maybe(list),
      chain: maybe(list),
      chord: maybe("signature"),
      given: maybe(),
    },
  },
  {
    of: "Signature",
    schema: TaskMessage,
    base: chordMember,
    at: ["body", 2, "chord"],
    fields: {
      task: name,
      args: ["absent", ...list],
      kwargs: ["absent", ...object],
      options: ["absent", ...object],
      subtask_type: maybe(),
      immutable: ["absent", "boolean"],
    },
  },
  {
    of: "SignatureOptions",
    schema: TaskMessage,
    base: chordMember,
    at: ["body", 2, "chord", "options"],
    fields: {
      task_id: maybe(text),
      root_id: maybe(text),
      parent_id: maybe(text),
      group_id: maybe(text),
      group_index: maybe("integer"),
      chord: maybe("signature"),
      chain: maybe(list),
      link: maybe(oneOrMore),
      link_error: maybe(oneOrMore),
      countdown: maybe(number),
      eta: maybe("date"),
      expires: maybe(number, "date"),
      queue: maybe(text),
      priority: maybe(number),
      parent_priority: maybe(number),
      retries: maybe("integer"),
      shadow: maybe(text),
      argsrepr: maybe(text),
      kwargsrepr: maybe(text),
      retry: maybe("boolean"),
      retry_policy: maybe(object),
      add_to_parent: maybe("boolean"),
      stamped_headers: maybe("list"),
      ignore_result: maybe("boolean"),
      time_limit: maybe(number),
      soft_time_limit: maybe(number),
      headers: maybe(object),
      reply_to: maybe(text),
      target: maybe(text),
      chord_size: maybe("integer"),
      replaced_task_nesting: maybe("integer"),
      attempts_before: maybe("integer"),
      added_at: maybe("list"),
      additions: maybe("list"),
      outline: maybe(...list),
      on_error: maybe(),
    },
  },
  {
    of: "Envelope",
    schema: Envelope,
    base: async () => parseJson(firstMessage("5.6.3/publish/delay")),
    fields: {
      body: text,
      "content-type": text,
      "content-encoding": maybe(text),
      headers: object,
      properties: [],
    },
  },
  {
    of: "EnvelopeProperties",
    schema: Envelope,
    base: async () => parseJson(firstMessage("5.6.3/publish/delay")),
    at: ["properties"],
    fields: { body_encoding: maybe(), delivery_tag: name, delivery_info: object },
  },
  {
    of: "DeliveryInfo",
    schema: Envelope,
    base: async () => parseJson(firstMessage("5.6.3/publish/delay")),
    at: ["properties", "delivery_info"],
    fields: { exchange: maybe(text), routing_key: maybe(text) },
  },
  {
    of: "ResultMeta",
    schema: byHand(resultChecks),
    base: async () => resultOf("5.6.3/run-extended/success"),
    fields: {
      status: name,
      result: any,
      traceback: maybe(text),
      children: maybe("list"),
      date_done: maybe("date"),
      task_id: name,
      group_id: maybe(text),
      parent_id: maybe(text),
      name: maybe(text),
      args: ["absent", ...any],
      kwargs: ["absent", ...any],
      worker: maybe(text),
      retries: maybe("integer"),
      queue: maybe(text),
    },
  },
  {
    of: "FailureData",
    schema: byHand(failureChecks),
    base: async () => resultOf("5.6.3/run/failure-custom").result,
    fields: {
      exc_type: name,
      exc_message: any,
      exc_module: maybe(text),
      exc_cause: maybe(),
      exc_misfit: kinds,
      exc_nearest: kinds,
      exc_origin: kinds,
    },
  },
  {
    of: "ControlMessage",
    schema: ControlMessage,
    base: ping,
    fields: { headers: object, request: [] },
  },
  {
    of: "ControlHeaders",
    schema: ControlMessage,
    base: ping,
    at: ["headers"],
    fields: { clock: maybe("integer"), expires: maybe(number) },
  },
  {
    of: "ControlRequest",
    schema: ControlMessage,
    base: ping,
    at: ["request"],
    fields: {
      method: name,
      arguments: object,
      destination: maybe("list"),
      pattern: maybe(text),
      matcher: maybe(text),
      ticket: maybe(text),
      reply_to: maybe(),
    },
  },
  {
    of: "ReplyAddress",
    schema: ControlMessage,
    base: ping,
    at: ["request", "reply_to"],
    fields: { exchange: name, routing_key: name },
  },
  {
    of: "ControlReply",
    schema: ControlReply,
    base: pong,
    fields: { headers: [], answers: object },
  },
  {
    of: "ReplyHeaders",
    schema: ControlReply,
    base: pong,
    at: ["headers"],
    fields: { ticket: name, clock: maybe("integer") },
  },
  {
    of: "Publication",
    schema: Publication,
    base: publication,
    fields: {
      message: [],
      queue: name,
      target: ["absent", ...text],
      notBefore: ["absent", ...number],
      deduplicationId: name,
      priority: ["absent", ...number],
      flowControl: ["absent"],
    },
  },
  {
    of: "SendEffect",
    schema: Effect,
    base: async () => ({ kind: "send", publication: await publication() }),
    fields: { kind: [], publication: [] },
  },
  {
    of: "SettleEffect",
    schema: Effect,
    base: async () => ({
      kind: "settle",
      id: "1",
      state: "FAILURE",
      result: resultOf("5.6.3/run/failure-custom"),
      root: "above",
    }),
    fields: { kind: [], id: name, state: [], result: ["absent"], root: ["absent", ...name] },
  },
  {
    of: "JoinEffect",
    schema: Effect,
    base: joinEffect,
    fields: {
      kind: [],
      part: [],
      group: name,
      size: ["integer"],
      body: ["signature"],
      root: name,
      adds: ["absent", "list"],
    },
  },
  {
    of: "ChordPart",
    schema: Effect,
    base: joinEffect,
    at: ["part"],
    fields: {
      id: name,
      index: ["null", "integer"],
      added: ["absent", "list"],
      state: [],
      result: any,
      traceparent: ["absent", "empty", "text", "date"],
    },
  },
  ...eventRows.map(([type, fields]) => ({ of: type, schema: KnownEvent, base: () => firstEvent(type), fields })),
];

describe.skipIf(!hasCaptures).each(rows)("$of", ({ schema, base, at = [], fields }) => {
  it("has a row for each of its fields here", async () => {
    expect(Object.keys(fields).toSorted()).toEqual(fieldsAt(schema, await base(), at).toSorted());
  });

  it("is accepted as it was captured", async () => {
    expect(schema.safeParse(await base()).success).toBe(true);
  });

  it.each(Object.entries(fields))("accepts in %s what it may hold, and nothing else", async (field, allowed) => {
    const captured = await base();
    const accepted = kinds.filter((kind) => schema.safeParse(changed(captured, [...at, field], samples[kind])).success);

    expect(accepted).toEqual(kinds.filter((kind) => allowed.includes(kind)));
  });
});

function maybe(...groups: readonly (Kind | readonly Kind[])[]): readonly Kind[] {
  return ["absent", "null", ...groups.flat()];
}

async function chordMember(): Promise<Message> {
  return decodeEnvelope(firstMessage("5.6.3/publish/chord"));
}

async function ping(): Promise<unknown> {
  const [request] = capture("5.6.3/control/inspect-ping").published;
  return decodeControlRequest(request?.raw ?? "");
}

async function pong(): Promise<unknown> {
  return decodeControlReply(firstMessage("5.6.3/control/inspect-ping"));
}

async function publication(): Promise<Publication> {
  return {
    message: await chordMember(),
    queue: "default",
    target: "http://a/q",
    notBefore: 1,
    deduplicationId: "1",
    priority: 0,
  };
}

async function joinEffect(): Promise<unknown> {
  const part = { id: "1", index: 0, state: "SUCCESS", result: 4 };
  return { kind: "join", part, group: "g", size: 2, body: signature, root: "r" };
}

function resultOf(scenario: string): ResultMeta {
  const stored = capture(scenario).published.filter(({ channel }) => channel.startsWith("celery-task-meta-"));
  return decodeResult(stored.at(-1)?.raw ?? "");
}

async function firstEvent(type: string): Promise<EventBody> {
  for (const scenario of captureNames()) {
    const found = await eventIn(scenario, type);
    if (found) return found;
  }
  throw new Error(`No capture has an event ${type}`);
}

async function eventIn(scenario: string, type: string): Promise<EventBody | undefined> {
  const { events } = capture(scenario);
  const all = await Promise.all(events.map(({ raw }) => decodeEvents(raw)));
  return all.flat().find((event) => event.type === type);
}

/** A copy in which one field holds another value, or is not there. */
function changed(whole: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const copy: unknown = structuredClone(whole);
  const owner = path.slice(0, -1).reduce<unknown>((part, key) => Reflect.get(Object(part), key), copy);
  const field = path.at(-1) ?? "";
  if (value === undefined) Reflect.deleteProperty(Object(owner), field);
  else Reflect.set(Object(owner), field, value);
  return copy;
}

/** The fields that a schema knows of the object at a path. */
function fieldsAt(schema: z.core.$ZodType, value: unknown, path: readonly (string | number)[]): string[] {
  const [key, ...rest] = path;
  const parts = partsOf(schema, value);
  const inner = parts.get(String(key));
  return inner ? fieldsAt(inner, Reflect.get(Object(value), key ?? ""), rest) : [...parts.keys()];
}

/** A schema of what is checked by hand, so that it can be looked at like the others. */
function byHand(checks: Readonly<Record<string, Check>>): z.ZodMiniType {
  const fields = Object.keys(checks).map((field) => [field, z.exactOptional(z.unknown())]);
  return z.looseObject(Object.fromEntries(fields)).check(z.refine((value) => misfitIn(value, checks) === undefined));
}

/** Looks through what wraps an object's schema; of a union, at the branch that the value is of. */
function partsOf(schema: z.core.$ZodType, value: unknown): ReadonlyMap<string, z.core.$ZodType> {
  if (schema instanceof z.ZodMiniObject) return new Map(Object.entries(schema.def.shape));
  if (schema instanceof z.ZodMiniTuple) return new Map(schema.def.items.map((item, index) => [String(index), item]));
  if (schema instanceof z.ZodMiniDiscriminatedUnion) {
    const branch = schema.def.options.find((option) => z.core.safeParse(option, value).success);
    if (branch) return partsOf(branch, value);
  }
  if (schema instanceof z.ZodMiniLazy) return partsOf(schema.def.getter(), value);
  if (schema instanceof z.ZodMiniExactOptional) return partsOf(schema.def.innerType, value);
  if (schema instanceof z.ZodMiniNullable) return partsOf(schema.def.innerType, value);
  if (schema instanceof z.ZodMiniPrefault) return partsOf(schema.def.innerType, value);
  throw new Error("No object's schema");
}
