import { kindOf } from "../address/address-kind.ts";
import { type ParsedAddress, parseAddress } from "../address/parsed-address.ts";
import type { HostRule } from "../host-rule.ts";
import { refuseUnknown, SafeFetchOptionError } from "../options/option-error.ts";
import { type OpensAddress, openedAddresses } from "./opened-addresses.ts";
import { parseRuleHost, type RuleHost } from "./rule-host.ts";

/** A place that a rule allows. */
export interface Destination {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** The host, where it is an address: nothing looks it up, so nothing that hooks the look-up sees it. */
  readonly literal: ParsedAddress | undefined;
  readonly opens: OpensAddress;
}

/** The parts of a URL that decide, as `URL` writes them. */
export type UrlParts = Pick<URL, "protocol" | "hostname" | "port">;

/** `undefined`: no rule allows it. */
export type Rules = (url: UrlParts) => Destination | undefined;

interface CompiledRule {
  readonly host: RuleHost;
  readonly schemes: readonly string[];
  readonly ports: readonly number[] | undefined;
  readonly opens: OpensAddress;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "https:": 443, "http:": 80 };
const RULE_KEYS = ["host", "ports", "schemes", "privateAddresses"] as const satisfies readonly (keyof HostRule)[];

/** @throws {SafeFetchOptionError} */
export function compileRules(allow: readonly HostRule[]): Rules {
  if (!Array.isArray(allow) || allow.length === 0) {
    throw new SafeFetchOptionError("allow", "must name at least one host.");
  }
  const rules = allow.map((rule, index) => compileRule(`allow[${index}]`, rule));
  return ({ protocol, hostname, port: written }) => {
    const usual = DEFAULT_PORTS[protocol];
    if (usual === undefined) return undefined;
    const port = written === "" ? usual : Number(written);
    const host = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
    const literal = parseAddress(host);
    const fitting = rules.filter(
      (rule) =>
        rule.schemes.includes(protocol) &&
        (rule.ports === undefined ? port === usual : rule.ports.includes(port)) &&
        names(rule.host, host, literal),
    );
    if (fitting.length === 0) return undefined;
    const opens: OpensAddress = (address) => fitting.some((rule) => rule.opens(address));
    return { host, port, isTls: protocol === "https:", literal, opens };
  };
}

function names(rule: RuleHost, host: string, literal: ParsedAddress | undefined): boolean {
  if (rule.kind === "address") return literal?.text === rule.address.text;
  if (literal !== undefined) return false;
  if (rule.kind === "name") return host === rule.name;
  // Longer than the dot and the suffix: `.example.com` is a host to URL, too.
  return host.endsWith(`.${rule.suffix}`) && host.length > rule.suffix.length + 1;
}

function compileRule(option: string, rule: HostRule): CompiledRule {
  if (typeof rule !== "object" || rule === null) throw new SafeFetchOptionError(option, 'must be { host: "…" }.');
  refuseUnknown(option, rule, RULE_KEYS);
  const { ports, schemes = ["https"], privateAddresses = "refuse" } = rule;
  if (!Array.isArray(schemes) || schemes.length === 0 || !schemes.every((one) => one === "https" || one === "http")) {
    throw new SafeFetchOptionError(`${option}.schemes`, 'must be a list of "https" and "http".');
  }
  if (ports !== undefined && (!Array.isArray(ports) || ports.length === 0 || !ports.every(isPort))) {
    throw new SafeFetchOptionError(`${option}.ports`, "must be a list of whole numbers from 1 to 65535.");
  }
  const host = parseRuleHost(`${option}.host`, rule.host);
  const opens = openedAddresses(`${option}.privateAddresses`, privateAddresses);
  return { host, schemes: schemes.map((scheme) => `${scheme}:`), ports, opens: opensOf(host, opens) };
}

function opensOf(host: RuleHost, opens: OpensAddress): OpensAddress {
  if (host.kind === "address") return ({ text }) => text === host.address.text;
  // RFC 6761, section 6.3: the name means loopback, whatever a resolver says.
  if (host.kind === "name" && host.name === "localhost") return (address) => kindOf(address) === "loopback";
  return opens;
}

function isPort(port: unknown): boolean {
  return Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535;
}
