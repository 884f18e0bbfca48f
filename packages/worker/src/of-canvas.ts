/**
 * Says to the store which canvas a message is of.
 *
 * @module
 */

/** The field of a claim and of an end. */
export function ofCanvas(canvas: string | undefined): { readonly canvas?: string } {
  return canvas === undefined ? {} : { canvas };
}
