/** A module that does not load. */

throw new RangeError("the tap is\nclosed");
