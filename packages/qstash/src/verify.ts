/**
 * Recognises pushes that QStash signed (delivery.md 24).
 *
 * @module
 */

import { type Push, SignatureError } from "@umbel/protocol";
import type { Receiver } from "@upstash/qstash";
import { makeReceiver } from "#official";
import { arePublic, type SigningKeys } from "./signing-keys.ts";

/** Returns when the push was signed with one of the keys for one of its URLs; else throws `SignatureError`. */
export async function verifyPush({ headers, body, urls, isLocal }: Push, keys: SigningKeys): Promise<void> {
  const signature = headers["upstash-signature"];
  if (signature === undefined) throw new SignatureError("qstash: the push is not signed (no Upstash-Signature)");
  if (!isLocal && arePublic(keys)) {
    throw new SignatureError("qstash: the push is from another machine, and the public development keys prove nothing");
  }

  const complaints = new Set<string>();
  for (const url of urls) {
    // One key at a time: of two the client tells only what was wrong with the second.
    for (const key of [keys.currentSigningKey, keys.nextSigningKey]) {
      const complaint = await complaintOf({ signature, body, url }, key);
      if (complaint === undefined) return;
      complaints.add(complaint);
    }
  }
  throw new SignatureError(`qstash: the push is not signed for ${urls.join(" or ")}: ${reasonOf([...complaints])}`);
}

/** The client's words, which name the URL that was signed and the one that was wanted, and what is usually the matter. */
function reasonOf(complaints: readonly string[]): string {
  // What else is wrong is only told of a key that fits: then it does not matter that the other one does not.
  const telling = complaints.filter((each) => !each.includes("verification failed"));
  if (complaints.length > 0 && telling.length === 0) return `${complaints.join("; ")}. ${keysHint}`;
  const reasons = telling.length === 0 ? "no URL to compare with" : telling.join("; ");
  return telling.some((each) => /^"(?:exp|nbf)" claim/.test(each)) ? `${reasons}. ${clockHint}` : reasons;
}

/** The usual reason for a signature of somebody else. */
const keysHint = "Are QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY those of the broker?";

/** It is good for minutes, and made when the push is sent. */
const clockHint = "The keys are right: is this machine's clock, or the broker's, wrong by minutes?";

/** What is wrong with a signature; undefined when nothing is. */
async function complaintOf(request: Parameters<Receiver["verify"]>[0], key: string): Promise<string | undefined> {
  const receiver = await makeReceiver({ currentSigningKey: key, nextSigningKey: key, devMode: false });
  try {
    await receiver.verify(request);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
