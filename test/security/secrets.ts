/**
 * Secrets that are easy to find again.
 *
 * @module
 */

/** Stands for every secret where one is enough. */
export const secret = "UMBEL-TEST-SECRET-8f3a51c0";

/** Every setting that is a secret, with one that is only its own. */
export const secretSettings: Readonly<Record<string, string>> = {
  QSTASH_TOKEN: "TOKEN-secret-9d1f",
  QSTASH_CURRENT_SIGNING_KEY: "sig_CURRENT-secret-77ab",
  QSTASH_NEXT_SIGNING_KEY: "sig_NEXT-secret-03cc",
  UPSTASH_REDIS_REST_TOKEN: "REST-secret-b1e5",
  UMBEL_RESULTS_TOKEN: "RESULTS-secret-5c20",
  UMBEL_RESULTS_TOKEN_NEXT: "RESULTSNEXT-secret-17fe",
  UMBEL_BEAT_TOKEN: "BEAT-secret-e8d4",
  UMBEL_EVENTS_TOKEN: "EVENTS-secret-2b90",
  UMBEL_CONTROL_TOKEN: "CONTROL-secret-6a41",
};

/** The secrets that a text has, as they are or as bytes in base64 or hex. */
export function secretsIn(text: string): readonly string[] {
  const found = text.match(/\b(?:sig_)?[A-Z]+-secret-\w+/g) ?? [];
  const encoded = Object.values(secretSettings).filter((each) => {
    return [btoa(each).replaceAll("=", ""), Buffer.from(each).toString("hex")].some((form) => text.includes(form));
  });
  return [...new Set([...found, ...encoded])];
}
