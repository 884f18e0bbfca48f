/**
 * The fields of a small hash as bytes, so that they stand in the row of their key: one statement instead of one a field.
 *
 * Each field is its length (32 bits, big endian), its bytes, and the same of its value.
 *
 * @module
 */

/** Fields and their values, by the field's bytes read as Latin-1. */
export type Fields = Map<string, Buffer>;

/** Bytes that are written anew at each change; more than that is better kept in rows. */
const largest = 4096;

/** Bytes of a length. */
const prefix = 4;

/** The fields in what {@link pack} returned. */
export function unpack(packed: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const next = (): Buffer => {
    const start = at + prefix;
    at = start + packed.readUInt32BE(at);
    return packed.subarray(start, at);
  };
  while (at < packed.length) fields.set(next().toString("latin1"), next());
  return fields;
}

/** The fields as bytes; undefined when they are too many for that. */
export function pack(fields: Fields): Buffer | undefined {
  let size = 0;
  for (const [field, value] of fields) size += 2 * prefix + field.length + value.length;
  if (size > largest) return undefined;

  const packed = Buffer.allocUnsafe(size);
  let at = 0;
  for (const [field, value] of fields) {
    at = packed.writeUInt32BE(field.length, at);
    at += packed.write(field, at, "latin1");
    at = packed.writeUInt32BE(value.length, at);
    at += value.copy(packed, at);
  }
  return packed;
}

/** The fields in the order of their bytes. */
export function inOrder(fields: Fields): readonly (readonly [field: Buffer, value: Buffer])[] {
  const names = [...fields.keys()].toSorted(byCodeUnit);
  return names.map((name) => [Buffer.from(name, "latin1"), fields.get(name) ?? Buffer.alloc(0)] as const);
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
