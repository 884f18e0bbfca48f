/** Delivery, points 5 to 9 and 13 to 17: the first half of the random canvases on the kit. */

import { testHalf } from "./kit.ts";

testHalf(0);
