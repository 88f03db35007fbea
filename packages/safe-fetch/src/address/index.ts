export { addressKind, isPublicAddress } from "./address-kind.ts";
export type { AddressKind } from "./special-ranges.ts";
