/**
 * Signs pushes without a cipher: whoever signed remembers what.
 *
 * Ciphers work on threads of their own, and whose answer comes first is not for a test to say.
 *
 * @module
 */

import type { Signer } from "@umbel/memory";
import { SignatureError } from "@umbel/protocol";

const header = "umbel-kit-push";

/** Creates a signer that has signed nothing. */
export function rememberingSigner(): Signer {
  const signed: { readonly url: string; readonly body: string }[] = [];
  return {
    async sign(url, body) {
      const nth = signed.push({ url, body }) - 1;
      return { [header]: `${nth}` };
    },
    async verify({ headers, body, urls }) {
      const known = signed[Number(headers[header] ?? Number.NaN)];
      if (known !== undefined && known.body === body && urls.includes(known.url)) return;
      throw new SignatureError(`The kit has not sent this push to ${urls.join(" or ")}`);
    },
  };
}
