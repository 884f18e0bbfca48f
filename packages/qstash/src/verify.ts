/**
 * Recognises pushes that QStash signed (delivery.md 24).
 *
 * @module
 */

import { type Push, SignatureError } from "@umbel/protocol";
import { Receiver } from "@upstash/qstash";
import type { SigningKeys } from "./settings.ts";

/** Returns when the push was signed with one of the keys for one of its URLs; else throws `SignatureError`. */
export async function verifyPush({ headers, body, urls }: Push, keys: SigningKeys): Promise<void> {
  const receiver = new Receiver({ ...keys, devMode: false });
  const signature = headers["upstash-signature"];
  if (signature === undefined) throw new SignatureError("qstash: the push is not signed (no Upstash-Signature)");

  let cause: unknown;
  for (const url of urls) {
    try {
      await receiver.verify({ signature, body, url });
      return;
    } catch (error) {
      cause = error;
    }
  }
  // The client's words name the URL that was signed and the one that was wanted.
  const reason = cause instanceof Error ? cause.message : "no URL to compare with";
  throw new SignatureError(`qstash: the push is not signed for ${urls.join(" or ")}: ${reason}`, { cause });
}
