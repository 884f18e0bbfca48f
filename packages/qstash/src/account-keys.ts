/**
 * The keys that an account's pushes are signed with, as the account itself tells them: by them it can be tried whether a
 * worker would take its pushes.
 *
 * @module
 */

import { BrokerRejected, type CallerBroker } from "@umbel/protocol";
import * as z from "zod/mini";
import { openAccount } from "./ask.ts";
import { isQStash } from "./qstash.ts";
import { type SigningKeys, signingKeysOf } from "./signing-keys.ts";

/** The account's keys, beside those that this program would verify pushes with. */
export interface AccountKeys {
  /** How this program's stand to them: `old` verify what is signed now, and not after the next rotation; `foreign` nothing. */
  readonly standing: "same" | "old" | "foreign";
  /**
   * Signs a request without a body to this URL, as a push to it is signed: the value of `Upstash-Signature`, good for five
   * minutes from `now`, milliseconds since 1970.
   */
  sign(url: string, now: number): Promise<string>;
}

/** What the account tells. */
interface Told {
  readonly current: string;
  readonly next: string;
}

const Told: z.ZodMiniType<Told> = z.looseObject({ current: z.string(), next: z.string() });

/**
 * Asks the account of a broker that `qstash` has connected for its keys: one call. Undefined for another adapter's. Throws as
 * `publish` does, and `MissingSettingError` where this program has no keys.
 */
export async function accountKeys(broker: CallerBroker): Promise<AccountKeys | undefined> {
  if (!isQStash(broker)) return undefined;
  const opening = broker.opening();
  const { ask } = openAccount(opening);
  const told = Told.safeParse(
    await ask<unknown>((client) => client.http.request({ path: ["v2", "keys"], method: "GET" })),
  );
  if (!told.success) throw new BrokerRejected("qstash: the answer has no signing keys", { isOfCaller: true });
  return {
    standing: standingOf(signingKeysOf(opening), told.data),
    sign: async (url, now) => await signed(await claimsOf(url, now), told.data.current),
  };
}

function standingOf(
  { currentSigningKey, nextSigningKey }: SigningKeys,
  { current, next }: Told,
): AccountKeys["standing"] {
  const own = new Set([currentSigningKey, nextSigningKey]);
  if (!own.has(current)) return "foreign";
  return own.has(next) ? "same" : "old";
}

/** Seconds for which a signature is good (qstash.md 5). */
const life = 300;

async function claimsOf(url: string, now: number): Promise<object> {
  const iat = Math.floor(now / 1000);
  const nothing = await crypto.subtle.digest("SHA-256", new Uint8Array());
  return { iss: "Upstash", sub: url, iat, nbf: 0, exp: iat + life, body: base64Url(new Uint8Array(nothing)) };
}

/** A JWT, HS256. */
async function signed(claims: object, key: string): Promise<string> {
  const text = [{ alg: "HS256", typ: "JWT" }, claims].map((part) => base64Url(bytesOf(JSON.stringify(part)))).join(".");
  const secret = await crypto.subtle.importKey("raw", bytesOf(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return `${text}.${base64Url(new Uint8Array(await crypto.subtle.sign("HMAC", secret, bytesOf(text))))}`;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64Url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
