/**
 * What every store must do: the promises of the backend port, each as a test.
 *
 * @module
 */

import { describe } from "vitest";
import type { StartBackend } from "./backend-harness.ts";
import { describeChords } from "./chords.ts";
import { describeCanvases } from "./claims-canvas.ts";
import { describeClaims } from "./claims.ts";
import { describeDeclined } from "./declined.ts";
import { describeEndings } from "./endings.ts";
import { describeHolding } from "./holding.ts";
import { describeNotes } from "./notes.ts";
import { describeReading } from "./reading.ts";
import { describeRevoking } from "./revoking.ts";
import { describeTexts } from "./texts.ts";

/** Tests a store against the whole port; `start` is called by each test, whose ids are its own. */
export function describeBackend(name: string, start: StartBackend): void {
  describe(`${name} as a backend`, () => {
    describeClaims(start);
    describeCanvases(start);
    describeDeclined(start);
    describeHolding(start);
    describeEndings(start);
    describeRevoking(start);
    describeChords(start);
    describeReading(start);
    describeTexts(start);
    describeNotes(start);
  });
}
