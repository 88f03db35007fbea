export type {
  AnchorTarget,
  ExportTarget,
  HttpTarget,
  OtlpTarget,
  ShippingOptions,
  SyslogTarget,
  TlsFiles,
} from "./options/options.ts";
export { shipDefaults } from "./ship-defaults.ts";
export { type Shipping, startShipping } from "./start-shipping.ts";
export type { Notice, NoticeCode, TargetStatus } from "./status.ts";
