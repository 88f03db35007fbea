import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Facts } from "./facts.ts";
import { validateOcsf } from "./validate.ts";

const facts: Facts = JSON.parse(readFileSync(join(import.meta.dirname, "facts-1.8.0.json"), "utf8"));

const good = {
  activity_id: 2,
  activity_name: "Read",
  category_uid: 6,
  class_uid: 6003,
  type_uid: 600302,
  severity_id: 1,
  status_id: 99,
  status: "Pending",
  time: 1_767_225_600_000,
  actor: { user: { uid: "u-1" } },
  api: { operation: "tools/call", request: { uid: "r1" } },
  src_endpoint: { ip: "203.0.113.7", port: 443 },
  resources: [{ name: "read_file", role_id: 1 }],
  trace: { uid: "t" },
  metadata: { version: "1.8.0", product: { name: "x" }, profiles: ["trace"], sequence: 7 },
  unmapped: { anything: { at: ["all"] } },
};

test("the judge of events accepts a good one", () => {
  expect(validateOcsf(facts, good)).toEqual([]);
});

test.each<[string, object, string]>([
  ["an attribute it does not know", { ...good, note: "x" }, "event.note: unknown"],
  [
    "one that it does not know further down",
    { ...good, actor: { user: { uid: "u", x: 1 } } },
    "event.actor.user.x: unknown",
  ],
  ["an attribute named like a property of every object", { ...good, constructor: 1 }, "event.constructor: unknown"],
  ["a missing attribute", { ...good, src_endpoint: undefined }, "event.src_endpoint: missing"],
  ["one that is missing further down", { ...good, api: { request: { uid: "r" } } }, "event.api.operation: missing"],
  [
    "one that is missing below that",
    { ...good, api: { operation: "x", request: {} } },
    "event.api.request.uid: missing",
  ],
  ["text for a number", { ...good, severity_id: "1" }, "event.severity_id: not integer_t"],
  ["a broken number", { ...good, time: 1.5 }, "event.time: not timestamp_t"],
  ["a number for text", { ...good, message: 1 }, "event.message: not string_t"],
  ["text for an object", { ...good, actor: "u" }, "event.actor: not an object"],
  ["an object for a list", { ...good, resources: { name: "x" } }, "event.resources: not a list"],
  ["a bad element of a list", { ...good, resources: [{ name: 1 }] }, "event.resources[0].name: not string_t"],
  ["a name for an address", { ...good, src_endpoint: { ip: "localhost" } }, "event.src_endpoint.ip: not ip_t"],
  [
    "a port out of range",
    { ...good, src_endpoint: { ip: "::1", port: 70_000 } },
    "event.src_endpoint.port: not port_t",
  ],
  ["a number that is not in its list", { ...good, severity_id: 7 }, "event.severity_id: 7 is not in the list"],
  [
    "an activity of another class",
    { ...good, activity_id: 5, type_uid: 600305 },
    "event.activity_id: 5 is not in the list",
  ],
  ["another class", { ...good, class_uid: 6002 }, "event.class_uid: 6002 is not in the list"],
  [
    "a type that is not class and activity",
    { ...good, type_uid: 600301 },
    "event.type_uid: not the class and the activity",
  ],
  [
    "a word that is not the number's",
    { ...good, activity_name: "Create" },
    "event.activity_name: not what activity_id says",
  ],
  ["99 without its word", { ...good, status: undefined }, "event.status: missing beside 99"],
  ["an endpoint without any name", { ...good, src_endpoint: { port: 1 } }, "event.src_endpoint: at_least_one of"],
  ["an actor who is nobody", { ...good, actor: {} }, "event.actor: at_least_one of"],
  [
    "a profile's attribute without the profile",
    { ...good, action_id: 1 },
    "event.action_id: of profile security_control",
  ],
  [
    "a profile of another class",
    { ...good, metadata: { ...good.metadata, profiles: ["incident"] } },
    "profile incident",
  ],
  [
    "a profile without what it requires",
    { ...good, metadata: { ...good.metadata, profiles: ["trace", "cloud"] } },
    "event.cloud: missing",
  ],
  ["a deprecated attribute", { ...good, actor: { invoked_by: "x" } }, "event.actor.invoked_by: deprecated"],
  [
    "another version",
    { ...good, metadata: { ...good.metadata, version: "1.7.0" } },
    "event.metadata.version: not 1.8.0",
  ],
])("and refuses %s", (_what, event, error) => {
  const parsed: unknown = JSON.parse(JSON.stringify(event));
  expect(validateOcsf(facts, parsed)).toEqual(expect.arrayContaining([expect.stringContaining(error)]));
});

test("the facts say where they come from, and carry no sentences", () => {
  expect(facts.source).toMatch(/ocsf-schema, tag 1\.8\.0, commit [0-9a-f]{40}/);
  const keys = new Set<string>();
  JSON.stringify(facts, (key, value) => {
    keys.add(key);
    return value as unknown;
  });
  // `desc` is the name of an attribute of policies.
  expect([...keys].filter((key) => /^(description|caption|references)$/.test(key))).toEqual([]);
});
