/**
 * How the memory broker recognises its own pushes: an HMAC under a key that nobody else has.
 *
 * @module
 */

import type { Push } from "@umbel/protocol";
import { SignatureError } from "@umbel/protocol";

/** Header that carries the signature. */
const header = "umbel-signature";

/** Signs pushes, and knows its own again. */
export interface Signer {
  /** The header that proves where a push comes from and where it is to go. */
  sign(url: string, body: string): Promise<Readonly<Record<string, string>>>;
  /** Throws `SignatureError` when the push was not signed here, or not for one of its URLs. */
  verify(push: Push): Promise<void>;
}

/** Creates a signer with a key of its own. */
export function createSigner(): Signer {
  const key = crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);

  return {
    async sign(url, body) {
      const signature = await crypto.subtle.sign("HMAC", await key, signed(url, body));
      return { [header]: [...new Uint8Array(signature)].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
    },

    async verify({ headers, body, urls }) {
      const signature = bytesIn(headers[header] ?? "");
      for (const url of urls) {
        if (await crypto.subtle.verify("HMAC", await key, signature, signed(url, body))) return;
      }
      throw new SignatureError(`memory: the push was not signed by this broker for ${urls.join(" or ")}`);
    },
  };
}

function signed(url: string, body: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${url}\n${body}`);
}

/** The bytes of a signature; none where it is not one. */
function bytesIn(text: string): Uint8Array<ArrayBuffer> {
  const pairs = /^(?:[0-9a-f]{2})+$/.test(text) ? (text.match(/../g) ?? []) : [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
