/**
 * How the official client's requests are made here: as it makes them itself, and without a word. Its own way prints a line for
 * each that fails, which nobody can turn off, though the error that is thrown says the same.
 *
 * @module
 */

import type { Client } from "@upstash/qstash";

/** What the client makes its requests by: a field of it that may be replaced. */
type Requester = Client["http"];
type Request = Parameters<Requester["request"]>[0];

/** QStash has answered with an error. */
class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(status: number, body: string) {
    super(body === "" ? `status ${status}` : body);
    this.status = status;
  }
}

/** Makes requests of the service at `url`, once each: repetitions are the caller's. They throw what `isAnswer` knows, and what `fetch` throws. */
export function requesterOf({ url, token }: { readonly url: string; readonly token: string }): Requester {
  return {
    async request(request) {
      const { method = "GET", body, keepalive, parseResponseAsJson } = request;
      const answer = await fetch(addressOf(url, request), {
        method,
        headers: headersOf(request, token),
        ...(body !== undefined && { body }),
        ...(keepalive !== undefined && { keepalive }),
      });
      if (!answer.ok) throw new Refusal(answer.status, await answer.text());
      return parseResponseAsJson === false ? undefined : await answer.json();
    },

    requestStream() {
      throw new TypeError("Chats are not asked for here");
    },
  };
}

/** Of all calls that are made here the client gives headers as an object, or none. */
function headersOf({ headers = {} }: Request, token: string): Headers {
  const all = new Headers({ authorization: `Bearer ${token}` });
  for (const [name, value] of Object.entries(headers)) all.set(name, String(value));
  return all;
}

/** What is absent in the query is left out; of a list each is named. */
function addressOf(base: string, { baseUrl = base, path, query = {} }: Request): string {
  const address = new URL([baseUrl.replace(/\/$/, ""), ...path].join("/"));
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) address.searchParams.append(name, textOf(each));
    }
  }
  return address.href;
}

function textOf(value: string | number | boolean | Date): string {
  return String(value instanceof Date ? value.getTime() : value);
}
