import { hostname } from "node:os";
import { resolve } from "node:path";
import { shipDefaults } from "../ship-defaults.ts";
import { type Check, invalid, isObject, object, optional, or, text, whole } from "./check.ts";

const path: Check<string> = (value, at) => resolve(text(/^[^\0]{1,4096}$/, "a path")(value, at));

const tls = { caFile: optional(path), certFile: optional(path), keyFile: optional(path) };

const headerFiles: Check<Readonly<Record<string, string>>> = (value, at) => {
  if (!isObject(value)) throw invalid(at, "must be an object");
  return Object.fromEntries(
    Object.entries(value).map(([name, file]) => {
      // What the transport itself sets would be sent twice, or break the message.
      if (!/^[A-Za-z][\w-]{0,63}$/.test(name) || /^(content-|host$|transfer-|connection$|authorization$)/i.test(name)) {
        throw invalid(at, "a header's name is letters, digits and '-', and none of the transport's own");
      }
      return [name, path(file, `${at}.${name}`)];
    }),
  );
};

/** A token over plain HTTP is everybody's on the way; this machine's own collector is the common exception. */
const url: Check<string> = (value, at) => {
  const parsed = typeof value === "string" ? URL.parse(value) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw invalid(at, "must be an https URL");
  if (parsed.username !== "" || parsed.password !== "" || parsed.hash !== "") {
    throw invalid(at, "must hold no password and no fragment; secrets go into bearerFile or headerFiles");
  }
  if (parsed.protocol === "http:" && !/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(parsed.hostname)) {
    throw invalid(at, "must be https; http only to this machine");
  }
  return parsed.href;
};

const http = {
  url,
  bearerFile: optional(path),
  headerFiles: or({}, headerFiles),
  timeoutMs: or<number>(shipDefaults.timeoutMs, whole(100, 600_000)),
  ...tls,
};

export const httpTarget = object(http);
export const otlpTarget = object({
  ...http,
  batchRecords: or<number>(shipDefaults.otlpBatchRecords, whole(1, 10_000)),
});

/** RFC 5424 has printable ASCII without space, at most 255. */
function ownName(): string {
  return (
    hostname()
      .replaceAll(/[^!-~]/g, "")
      .slice(0, 255) || "-"
  );
}

export const syslogTarget = object({
  host: text(/^[A-Za-z0-9.:_-]{1,253}$/, "a host name or an address"),
  port: or<number>(shipDefaults.syslogPort, whole(1, 65_535)),
  facility: or<number>(shipDefaults.facility, whole(0, 23)),
  enterprise: or<number>(shipDefaults.enterprise, whole(0, 4_294_967_295)),
  hostname: (value: unknown, at: string) =>
    value === undefined ? ownName() : text(/^[!-~]{1,255}$/, "printable ASCII without space")(value, at),
  maxMessageBytes: or<number>(shipDefaults.maxMessageBytes, whole(2048, 1024 * 1024)),
  settleMs: or<number>(shipDefaults.settleMs, whole(1, 60_000)),
  timeoutMs: or<number>(shipDefaults.timeoutMs, whole(100, 600_000)),
  ...tls,
});

export const anchorFile = path;

export type HttpSettings = ReturnType<typeof httpTarget>;
export type OtlpSettings = ReturnType<typeof otlpTarget>;
export type SyslogSettings = ReturnType<typeof syslogTarget>;
