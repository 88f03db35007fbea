import type { Shape } from "../anchored.ts";
import { GENERAL_SHAPES } from "./general-shapes.ts";
import { VENDOR_SHAPES } from "./vendor-shapes.ts";

/** Every shape that is looked for by default. */
export const SECRET_SHAPES: readonly Shape[] = [...GENERAL_SHAPES, ...VENDOR_SHAPES];
