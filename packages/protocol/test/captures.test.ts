import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  decodeControlReply,
  decodeControlRequest,
  decodeEnvelope,
  decodeEvents,
  decodeGroup,
  decodePush,
  decodeResult,
  encodeControlReply,
  encodeControlRequest,
  encodeEnvelope,
  encodeEvent,
  encodeEvents,
  encodeGroup,
  encodePush,
  encodeResult,
  parseJson,
  writeJson,
} from "../src/index.ts";
import { type Capture, capture, captureNames, type CapturedPublish, type CapturedPush } from "./captures.ts";
import { hasPython, python } from "./python.ts";

/** What Celery wrote and what we write after reading it. */
interface Pair {
  readonly theirs: string;
  readonly ours: string;
}

const refused = ["5.2.6/publish/serializer-pickle", "5.2.6/publish/serializer-yaml"].flatMap((name) => [
  name,
  name.replace("5.2.6", "5.6.3"),
]);
const oldProtocol = ["5.2.6/publish/protocol-1", "5.6.3/publish/protocol-1"];
const readable = captureNames().filter((name) => !refused.includes(name) && !oldProtocol.includes(name));

describe.each(readable)("%s", (name) => {
  it("is decoded and encoded to the same", async () => {
    for (const { theirs, ours } of await pairsOf(capture(name))) expect(opened(ours)).toEqual(opened(theirs));
  });
});

describe("all captures", () => {
  it.skipIf(!hasPython() || readable.length === 0)("are the same to Python after we read and wrote them", async () => {
    const pairs = (await Promise.all(readable.map((name) => pairsOf(capture(name))))).flat();
    const verdict = python(compareInPython, JSON.stringify(pairs));

    expect(pairs.length).toBeGreaterThan(2000);
    expect(JSON.parse(verdict)).toEqual([]);
  });

  it.each(refused)("%s is refused by its content type", async (name) => {
    const [message] = capture(name).messages;

    await expect(decodePush(message?.raw ?? "")).rejects.toThrow(/content type application\/x-(python-serialize|yaml)/);
  });

  it.each(oldProtocol)("%s is read as protocol 2", async (name) => {
    const [message] = capture(name).messages;
    const old = JSON.parse(JSON.stringify(message?.body));

    const { headers, body } = await decodePush(message?.raw ?? "");

    expect(headers).toMatchObject({ task: old.task, id: old.id, root_id: old.id, retries: 0, argsrepr: "(2, 3)" });
    expect(body).toEqual([old.args, old.kwargs, { callbacks: null, errbacks: null, chain: null, chord: null }]);
  });

  it.each(readable.filter((name) => name.includes("/run/")))("%s travels as a push of our own", async (name) => {
    for (const { raw } of taskMessages(capture(name))) {
      const message = await decodePush(raw);
      expect(await decodePush(encodePush(message))).toEqual(message);
    }
  });
});

async function pairsOf(scenario: Capture): Promise<readonly Pair[]> {
  const written = [
    ...taskMessages(scenario).map(async ({ raw }) => ({ theirs: raw, ours: await taskAgain(raw) })),
    ...replies(scenario).map(async ({ raw }) => ({ theirs: raw, ours: await replyAgain(raw) })),
    ...scenario.published.map(async (each) => ({ theirs: each.raw, ours: await publishedAgain(each) })),
    ...scenario.events.map(async (each) => ({ theirs: each.raw, ours: await eventsAgain(each) })),
  ];
  return Promise.all(written);
}

function taskMessages({ messages }: Capture): readonly CapturedPush[] {
  return messages.filter(({ list }) => !list.endsWith("pidbox"));
}

function replies({ messages }: Capture): readonly CapturedPush[] {
  return messages.filter(({ list }) => list.endsWith("pidbox"));
}

async function taskAgain(raw: string): Promise<string> {
  const { tag, address } = sendingOf(raw);
  return encodeEnvelope(await decodeEnvelope(raw), { queue: address.routing_key, deliveryTag: tag });
}

async function replyAgain(raw: string): Promise<string> {
  const { tag, address } = sendingOf(raw);
  return encodeControlReply(await decodeControlReply(raw), { to: address, deliveryTag: tag });
}

async function publishedAgain({ channel, raw }: CapturedPublish): Promise<string> {
  if (channel.endsWith(".pidbox")) {
    return encodeControlRequest(await decodeControlRequest(raw), { deliveryTag: sendingOf(raw).tag });
  }
  if (channel.startsWith("celery-task-meta-")) return encodeResult(decodeResult(raw));
  if (channel.endsWith(".s")) return writeJson(parseJson(raw));
  return encodeGroup(decodeGroup(channel.replace("celery-taskset-meta-", ""), raw));
}

async function eventsAgain({ channel, raw }: CapturedPublish): Promise<string> {
  const events = await decodeEvents(raw);
  const options = { deliveryTag: sendingOf(raw).tag };
  const [only] = events;
  if (channel.endsWith("task.multi") || !only) return encodeEvents(events, options);
  return encodeEvent(only, options);
}

function sendingOf(raw: string): { tag: string; address: { exchange: string; routing_key: string } } {
  const { properties } = JSON.parse(raw);
  return { tag: properties.delivery_tag, address: properties.delivery_info };
}

/**
 * A text parsed, with an envelope's body opened, by other means than ours. Left out is what we write in one way only:
 * base64, no compression, the nameless exchange.
 */
function opened(text: string): unknown {
  const value = parseJson(text);
  if (!isEnvelope(value)) return value;
  const { compression, ...headers } = value.headers;
  const bytes = Buffer.from(value.body, value.properties.body_encoding === "base64" ? "base64" : "utf8");
  const body = parseJson((compression === undefined ? bytes : inflateSync(bytes)).toString());
  const { delivery_info: address } = value.properties;
  const properties = { ...value.properties, body_encoding: "base64", delivery_info: { ...address, exchange: "" } };
  return { ...value, headers, properties, body };
}

interface Written {
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: { readonly body_encoding: string | null; readonly delivery_info: object };
}

function isEnvelope(value: unknown): value is Written {
  return typeof value === "object" && value !== null && "body" in value && typeof value.body === "string";
}

/** Prints the pairs that differ to Python, which keeps integers of any size; a NaN equals a NaN here. */
const compareInPython = `
import base64, json, sys, zlib

def opened(text):
    value = json.loads(text, parse_constant=lambda word: "constant " + word)
    if not isinstance(value, dict) or not isinstance(value.get("body"), str):
        return value
    headers, properties = value["headers"], value["properties"]
    body = value["body"].encode()
    if properties["body_encoding"] == "base64":
        body = base64.b64decode(body)
    if headers.pop("compression", None):
        body = zlib.decompress(body)
    properties["body_encoding"] = "base64"
    properties["delivery_info"]["exchange"] = ""
    value["body"] = json.loads(body, parse_constant=lambda word: "constant " + word)
    return value

pairs = json.load(sys.stdin)
print(json.dumps([pair for pair in pairs if opened(pair["theirs"]) != opened(pair["ours"])]))
`;
