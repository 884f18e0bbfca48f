/**
 * Signs as QStash does (qstash.md 5).
 *
 * @module
 */

import { createHash, createHmac } from "node:crypto";

/** What is signed, and with which key. */
export interface Signing {
  readonly key: string;
  readonly url: string;
  readonly body: string;
  /** Seconds since 1970; now when absent. */
  readonly issuedAt?: number;
}

/** The value of `Upstash-Signature`. */
export function signatureOf({ key, url, body, issuedAt = Date.now() / 1000 }: Signing): string {
  const iat = Math.floor(issuedAt);
  const hash = createHash("sha256").update(body).digest("base64url");
  const claims = { iss: "Upstash", sub: url, iat, nbf: 0, exp: iat + 300, jti: "jwt_1", body: `${hash}=` };
  const signed = [{ alg: "HS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}
