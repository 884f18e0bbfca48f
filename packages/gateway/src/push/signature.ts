/**
 * The signature of a push: a JWT, HS256 (qstash.md section 5).
 *
 * @module
 */

import { createHash, createHmac } from "node:crypto";

/** Seconds for which a signature is good: one is made for each delivery. */
const life = 300;

/** What a signature speaks for. */
export interface Signed {
  /** The destination, exactly as it was published. */
  readonly url: string;
  readonly body: Uint8Array;
  /** Different in each signature. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Signs a push. The key is used as the text it is, `sig_` included. */
export function sign({ url, body, id, now }: Signed, key: string): string {
  const issuedAt = Math.floor(now / 1000);
  const claims = {
    iss: "Upstash",
    sub: url,
    iat: issuedAt,
    exp: issuedAt + life,
    // Not `issuedAt`: a receiver whose clock is a second behind would refuse a fresh push.
    nbf: 0,
    jti: id,
    body: createHash("sha256").update(body).digest("base64url"),
  };
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
