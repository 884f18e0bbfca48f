import { describe, expect, it } from "vitest";
import { isLocalRequest } from "../src/local-request.ts";

/** What Node's adapter for Hono, Deno and Bun hand over with a request, for somebody at an address. */
const bindingsOf = {
  Node: (address: string) => ({ incoming: { socket: { remoteAddress: address } }, outgoing: {} }),
  Deno: (address: string) => ({ remoteAddr: { transport: "tcp", hostname: address, port: 1 } }),
  Bun: (address: string) => new BunServer(address),
};

class BunServer {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  requestIP(request: Request) {
    return request.url === "" ? null : { address: this.#address, port: 1, family: "IPv4" };
  }
}

function requestOf(url: string, headers: Record<string, string> = {}): Request {
  return new Request(url, { headers });
}

function isLocalThrough(headers: Record<string, string>): boolean {
  return isLocalRequest(requestOf("http://127.0.0.1/", headers), {});
}

describe("a request", () => {
  it.each(["http://localhost:8787/", "http://127.0.0.1/x", "http://[::1]:1/"])("to %s is local", (url) => {
    expect(isLocalRequest(requestOf(url), {})).toBe(true);
    expect(isLocalRequest(requestOf(url), undefined)).toBe(true);
  });

  it.each(["http://shop.example/", "http://10.0.0.7/", "http://127.0.0.1.nip.example/"])("to %s is not", (url) => {
    expect(isLocalRequest(requestOf(url), {})).toBe(false);
  });

  it.each(Object.entries(bindingsOf))("that only says that it is for localhost is not local on %s", (_, bindings) => {
    const request = requestOf("http://localhost/");

    expect(isLocalRequest(request, bindings("203.0.113.9"))).toBe(false);
    expect(isLocalRequest(request, bindings("::ffff:203.0.113.9"))).toBe(false);
    expect(isLocalRequest(request, bindings("127.0.0.1"))).toBe(true);
    expect(isLocalRequest(request, bindings("::ffff:127.0.0.1"))).toBe(true);
    expect(isLocalRequest(request, bindings("::1"))).toBe(true);
  });

  it("that a proxy hands on for somebody else is not local", () => {
    expect(isLocalThrough({ "x-forwarded-for": "203.0.113.9" })).toBe(false);
    expect(isLocalThrough({ "x-forwarded-for": "127.0.0.1, 203.0.113.9" })).toBe(false);
    expect(isLocalThrough({ forwarded: "for=203.0.113.9" })).toBe(false);
    expect(isLocalThrough({ "x-real-ip": "203.0.113.9" })).toBe(false);
    expect(isLocalThrough({ via: "1.1 proxy" })).toBe(false);
    expect(isLocalThrough({ "x-forwarded-for": "127.0.0.1, ::1", "x-real-ip": "127.0.0.1" })).toBe(true);
  });
});
