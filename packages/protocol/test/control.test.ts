import { describe, expect, it } from "vitest";
import {
  decodeControlReply,
  decodeControlRequest,
  encodeControlReply,
  encodeControlRequest,
  parseJson,
} from "../src/index.ts";

const ask = {
  headers: { clock: 1, expires: 1_795_244_138 },
  request: {
    method: "ping",
    arguments: {},
    destination: null,
    pattern: null,
    matcher: null,
    ticket: "t",
    reply_to: { exchange: "reply.celery.pidbox", routing_key: "oid" },
  },
};

describe("remote control", () => {
  it("asks as Celery asks", async () => {
    const written = encodeControlRequest(ask, { deliveryTag: "1" });

    expect(parseJson(written)).toMatchObject({
      properties: { delivery_mode: 2, delivery_info: { exchange: "celery.pidbox", routing_key: "" } },
    });
    expect(await decodeControlRequest(written)).toEqual(ask);
  });

  it("answers to the address that it was asked from", async () => {
    const reply = { headers: { ticket: "t", clock: 3 }, answers: { "web@host": { ok: "pong" } } };
    const written = encodeControlReply(reply, { to: ask.request.reply_to, deliveryTag: "2" });

    expect(parseJson(written)).toMatchObject({
      properties: { delivery_mode: 1, delivery_info: { exchange: "reply.celery.pidbox", routing_key: "oid" } },
    });
    expect(await decodeControlReply(written)).toEqual(reply);
  });
});
