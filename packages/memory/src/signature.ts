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
  const key = crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

  async function signatureOf(url: string, body: string): Promise<string> {
    const signature = await crypto.subtle.sign("HMAC", await key, new TextEncoder().encode(`${url}\n${body}`));
    return [...new Uint8Array(signature)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  return {
    async sign(url, body) {
      return { [header]: await signatureOf(url, body) };
    },

    async verify({ headers, body, urls }) {
      const expected = await Promise.all(urls.map((url) => signatureOf(url, body)));
      if (!expected.includes(headers[header] ?? "")) {
        throw new SignatureError(`memory: the push was not signed by this broker for ${urls.join(" or ")}`);
      }
    },
  };
}
