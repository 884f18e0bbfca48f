import { describe, expect, it } from "vitest";
import {
  encodeEnvelope,
  parseJson,
  repr,
  reprArgs,
  type Signature,
  type SignatureOptions,
  type TaskHeaders,
  type TaskMessage,
  type TaskProperties,
  writeDate,
} from "../src/index.ts";
import { capture, captureNames } from "./captures.ts";

/** The parts of a message that a scenario is about. */
interface Call {
  readonly id: string;
  readonly args: readonly number[];
  readonly headers?: Partial<TaskHeaders>;
  readonly properties?: Partial<TaskProperties>;
  readonly embed?: TaskMessage["body"][2];
}

/** A message as we build it, with the sender's name of the captures. */
function call({ id, args, headers = {}, properties = {}, embed = {} }: Call): TaskMessage {
  return {
    headers: {
      lang: "py",
      task: "tasks.add",
      id,
      shadow: null,
      eta: null,
      expires: null,
      group: null,
      group_index: null,
      retries: 0,
      timelimit: [null, null],
      root_id: id,
      parent_id: null,
      argsrepr: reprArgs(args),
      kwargsrepr: repr({}),
      origin: "gen1@host",
      ignore_result: false,
      replaced_task_nesting: 0,
      stamped_headers: null,
      stamps: {},
      ...headers,
    },
    properties: { correlation_id: id, reply_to: "client", ...properties },
    body: [args, {}, { callbacks: null, errbacks: null, chain: null, chord: null, ...embed }],
  };
}

function signature(task: string, args: readonly number[], options: SignatureOptions = {}): Signature {
  return { task, args, kwargs: {}, options, subtask_type: null, immutable: false };
}

const tsum = signature("tasks.tsum", [], { task_id: "the body", reply_to: "client", group_id: "the group" });

const scenarios: readonly (readonly [name: string, queue: string, messages: readonly TaskMessage[]])[] = [
  ["delay", "celery", [call({ id: "1", args: [2, 3] })]],
  [
    "chain-3",
    "celery",
    [
      call({
        id: "1",
        args: [1, 2],
        embed: {
          chain: [
            signature("tasks.mul", [4], { task_id: "3", reply_to: "client" }),
            signature("tasks.add", [3], { task_id: "2", reply_to: "client" }),
          ],
        },
      }),
    ],
  ],
  [
    "chord",
    "celery",
    [1, 2, 3].map((n, index) =>
      call({ id: `m${n}`, args: [n, n], headers: { group: "the group", group_index: index }, embed: { chord: tsum } }),
    ),
  ],
  ["link-error", "celery", [call({ id: "1", args: [2, 3], embed: { errbacks: [signature("tasks.errback_id", [])] } })]],
  ["priority-6", "celery", [call({ id: "1", args: [2, 3], properties: { priority: 6 } })]],
  [
    "eta-aware",
    "celery",
    [call({ id: "1", args: [2, 3], headers: { eta: writeDate(Date.UTC(2030, 0, 2, 3, 4, 5, 678)) } })],
  ],
  ["time-limits", "celery", [call({ id: "1", args: [2, 3], headers: { timelimit: [60, 50] } })]],
];

describe.skipIf(captureNames().length === 0).each(scenarios)("%s", (name, queue, messages) => {
  it("is built by us as by Python, but for ids and times", () => {
    const theirs = capture(`5.6.3/publish/${name}`).messages.map(({ raw }) => anonymous(raw));
    const ours = messages.map((message) => anonymous(encodeEnvelope(message, { queue, deliveryTag: "tag" })));

    expect(ours).toEqual(theirs);
  });
});

/** An envelope opened, with each id named by the place where it first stands, and no process id or fraction of a second. */
function anonymous(raw: string): unknown {
  const { body, ...envelope } = Object(parseJson(raw));
  const text = JSON.stringify({ ...envelope, body: parseJson(atob(body)) });
  const ids = [...new Set(idsIn(JSON.parse(text)))];
  const renamed = ids.reduce((whole, id, index) => whole.replaceAll(`"${id}"`, `"id ${index}"`), text);
  return JSON.parse(renamed.replace(/gen\d+@/, "gen1@").replace(/(:05\.678)\d+/, "$1000"));
}

/** Ids in the order in which we look for them, which is the same for both. */
function idsIn(envelope: {
  readonly headers: Readonly<Record<string, string | null>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly body: readonly unknown[];
}): string[] {
  const { headers, properties, body } = envelope;
  const inBody = JSON.stringify(body).matchAll(/"(?:task_id|group_id)":"(?<id>[^"]+)"/g);
  const known = [headers["id"], headers["group"], properties["reply_to"], properties["delivery_tag"]];
  return [...known, ...[...inBody].map(({ groups }) => groups?.["id"])].filter((id) => typeof id === "string");
}
