/**
 * Slots of a Redis Cluster, as the cluster reckons them.
 *
 * @module
 */

const slots = 16_384;

/** The slot of a key without a pair of braces: CRC-16 (XMODEM) of its bytes. */
export function slotOf(key: string): number {
  let crc = 0;
  for (const byte of new TextEncoder().encode(key)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc % slots;
}

/** A short text in a slot, always the same one: found by trying, for one text in 16,384 is in it. */
export function textIn(slot: number): string {
  for (let number = 0; ; number += 1) {
    const text = number.toString(36);
    if (slotOf(text) === slot) return text;
  }
}
