import { z } from "zod";

export const MiB = 1024 * 1024;
export const path = z.string().min(1).max(4096);
export const whole = (most: number, least = 1) => z.int().min(least).max(most);
export const description = z.string().min(1).max(2000);

/** Name of an API: in tool names, policies and records. */
export const apiName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, "lower-case letters and digits, words joined by _, beginning with a letter")
  .max(32);

export const toolName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, "lower-case words joined by _");

/** An operation as an operator names it: its `operationId`, or `METHOD /path` as the document writes it. */
export const operationName = z.string().min(1).max(512);

/** RFC 9110, section 5.1: a field name. */
export const headerName = z
  .string()
  .max(128)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "a header name");

/** CIDR ranges, or all private and loopback addresses. */
export const privateAddresses = z
  .union([z.literal("refuse"), z.literal("allow"), z.array(z.string().min(1).max(64)).min(1).max(64)])
  .describe(
    "Whether the name of this host may lead to private or loopback addresses: refuse, allow, or only these CIDR ranges. Link-local and metadata addresses only where a range names them.",
  );
