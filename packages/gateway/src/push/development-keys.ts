/**
 * The credentials that QStash's own development server and SDK agree on (qstash.md section 11).
 *
 * They are public: whoever knows this file knows them. So they are good on loopback and nowhere else.
 *
 * @module
 */

/** The token that a client with `QSTASH_DEV=true` sends. */
export const developmentToken = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=";

/** The keys that a receiver with `QSTASH_DEV=true` verifies with. */
export const developmentSigningKeys: { readonly current: string; readonly next: string } = {
  current: "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r",
  next: "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs",
};
