import { memoryStore, StateError, type StateStore } from "@hardened-mcp/state";
import { describe, expect, it, vi } from "vitest";
import { createCedarPolicy } from "../../src/cedar/decide/cedar-policy.ts";
import type { Policy } from "../../src/policy.ts";
import { scopePolicy } from "../../src/scope-policy.ts";
import { createSwitches, type SwitchChange } from "../../src/switches/create-switches.ts";
import type { Switch } from "../../src/switches/switch.ts";
import { withSwitches } from "../../src/switches/with-switches.ts";
import { LIST, load, person, target } from "../support/policies.ts";

const by = { who: "olga", why: "incident 12" };
const alice = person("alice", { client: "app" });
const read = target("read_text_file");
const write = target("write_file");

/** An operator's process and a server's, over one store. */
function twoReplicas(policy: Policy = scopePolicy()) {
  const store = memoryStore();
  const seen: SwitchChange[] = [];
  const operator = createSwitches({ store, now: () => 1_000 });
  const switches = createSwitches({ store, onChange: (change) => void seen.push(change) });
  const guarded = withSwitches(policy, switches, { server: "filesystem" });
  const ask = async (principal = alice, asked = read) => {
    await guarded.refresh?.();
    const { effect, rule } = await guarded.decide(principal, asked, { path: "/a" });
    return [guarded.visible(principal, asked), effect, rule];
  };
  return { store, operator, switches, guarded, ask, seen };
}

const YES = [true, "allow", "default/scope-held"];

describe("a switch", () => {
  it("takes a tool away, of one server or of all", async () => {
    const { operator, ask } = twoReplicas();
    expect(await ask()).toEqual(YES);
    await operator.set({ kind: "tool", name: "read_text_file", server: "database" }, by);
    expect(await ask()).toEqual(YES);
    await operator.set({ kind: "tool", name: "read_text_file", server: "filesystem" }, by);
    expect(await ask()).toEqual([false, "deny", "switch/tool"]);
    expect(await ask(alice, write)).toEqual(YES);
    await operator.clear({ kind: "tool", name: "read_text_file", server: "filesystem" });
    expect(await ask()).toEqual(YES);
    await operator.set({ kind: "tool", name: "read_text_file" }, by);
    expect(await ask()).toEqual([false, "deny", "switch/tool"]);
  });

  it.each<[Switch, string]>([
    [{ kind: "subject", issuer: "https://idp.example", subject: "alice" }, "switch/subject"],
    [{ kind: "client", client: "app" }, "switch/client"],
  ])("keeps %j out, lists included, and nobody else", async (what, rule) => {
    const { operator, ask } = twoReplicas();
    await operator.set(what, by);
    expect(await ask()).toEqual([false, "deny", rule]);
    expect(await ask(alice, LIST)).toEqual([false, "deny", rule]);
    expect(await ask(person("alice", { issuer: "https://other.example", client: "other" }))).toEqual(YES);
    expect(await ask(person("bob"))).toEqual(YES);
  });

  it("makes everything read-only, in sight and with words for the client", async () => {
    const { operator, ask, guarded } = twoReplicas();
    await operator.set({ kind: "read-only" }, by);
    expect(await ask()).toEqual(YES);
    for (const name of ["write_file", "delete_file", "send_report"]) {
      expect(await ask(alice, target(name))).toEqual([true, "deny", "switch/read-only"]);
    }
    expect(guarded.decide(alice, write, {})).toMatchObject({
      message: "The operator has switched this server to read-only for now.",
    });
  });

  it("never gives what the policy does not", async () => {
    const { ask } = twoReplicas({ visible: () => false, decide: () => ({ effect: "deny", rule: "no" }) });
    expect(await ask()).toEqual([false, "deny", "no"]);
  });

  it("wins over a decision that the policy remembers", async () => {
    const policies = load(`permit(principal, action in Action::"read", resource);`);
    const { operator, ask } = twoReplicas(createCedarPolicy({ policies, server: "filesystem" }));
    for (let round = 0; round < 3; round++) {
      expect(await ask()).toEqual([true, "allow", "policy.cedar:1"]);
      await operator.set({ kind: "subject", issuer: alice.issuer, subject: "alice" }, by);
      expect(await ask()).toEqual([false, "deny", "switch/subject"]);
      await operator.clear({ kind: "subject", issuer: alice.issuer, subject: "alice" });
    }
  });

  it("ends by itself where that was asked for", async () => {
    vi.useFakeTimers({ toFake: ["performance", "Date"] });
    try {
      const { operator, ask } = twoReplicas();
      await operator.set({ kind: "tool", name: "read_text_file" }, { ...by, forMs: 60_000 });
      expect((await ask())[0]).toBe(false);
      vi.advanceTimersByTime(60_001);
      expect(await ask()).toEqual(YES);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the list of switches", () => {
  it("says what is set, by whom, why and when", async () => {
    const { operator, switches } = twoReplicas();
    await operator.set({ kind: "client", client: "app" }, by);
    await switches.refresh();
    expect(switches.list()).toEqual([{ what: { kind: "client", client: "app" }, ...by, at: 1_000 }]);
    expect(await operator.clear({ kind: "client", client: "app" })).toBe(true);
    expect(await operator.clear({ kind: "client", client: "app" })).toBe(false);
  });

  it("tells of each change once, those set before the start included", async () => {
    const { store, operator, ask, seen } = twoReplicas();
    await operator.set({ kind: "client", client: "x" }, by);
    await ask();
    await ask();
    expect(seen.map(({ added, removed }) => [added.length, removed.length])).toEqual([[1, 0]]);
    await operator.set({ kind: "client", client: "x" }, { ...by, why: "another reason" });
    await operator.set({ kind: "client", client: "y" }, by);
    await ask();
    await operator.clear({ kind: "client", client: "y" });
    await ask();
    await ask();
    expect(seen.map(({ added, removed }) => [added.length, removed.length])).toEqual([
      [1, 0],
      [2, 1],
      [0, 1],
    ]);
    const late: SwitchChange[] = [];
    await createSwitches({ store, onChange: (change) => void late.push(change) }).refresh();
    expect(late.map(({ added }) => added.map(({ why }) => why))).toEqual([["another reason"]]);
  });

  it("is not in force before it is on record", async () => {
    const store = memoryStore();
    let works = false;
    const onChange = () => {
      if (!works) throw new Error("the audit log is dead");
    };
    const switches = createSwitches({ store, onChange });
    await createSwitches({ store }).set({ kind: "read-only" }, by);
    const guarded = withSwitches(scopePolicy(), switches, { server: "filesystem" });
    await expect(Promise.try(() => switches.refresh())).rejects.toThrow("the audit log is dead");
    expect(() => guarded.decide(alice, read, {})).toThrow("the audit log is dead");
    works = true;
    expect(guarded.decide(alice, write, {})).toMatchObject({ rule: "switch/read-only" });
  });
});

describe("what is set wrongly", () => {
  it.each([
    [{ kind: "tool", name: "x", sever: "filesystem" }, by, /has no "sever"/],
    [{ kind: "tools", name: "x" }, by, /There is no switch "tools"/],
    [{ kind: "constructor" }, by, /There is no switch/],
    [{ kind: "tool", name: "" }, by, /needs "name"/],
    [{ kind: "tool" }, by, /needs "name"/],
    [{ kind: "tool", name: "x", server: 3 }, by, /needs "server"/],
    [{ kind: "subject", subject: "x" }, by, /needs "issuer"/],
    [{ kind: "client", client: "x".repeat(500) }, by, /needs "client"/],
    [{ kind: "read-only" }, { ...by, who: " " }, /needs "who"/],
    [{ kind: "read-only" }, { ...by, why: "x".repeat(5_000) }, /needs "why"/],
    [{ kind: "read-only" }, { ...by, formMs: 3 }, /has no "formMs"\. Did you mean "forMs"\?/],
  ])("is refused: %j", async (what, reason, message) => {
    const { operator } = twoReplicas();
    await expect(operator.set(what as Switch, reason)).rejects.toThrow(message);
  });

  it.each([{ server: "" }, { server: "x", sever: "y" }])("on a policy is refused: %j", (options) => {
    const switches = createSwitches({ store: memoryStore() });
    expect(() => withSwitches(scopePolicy(), switches, options)).toThrow(TypeError);
  });

  it("by another version is no switch passed over: nothing is decided", async () => {
    const { store, switches, guarded, operator } = twoReplicas();
    await operator.set({ kind: "read-only" }, by);
    await switches.refresh();
    const { key } = (await store.list("")).entries.find((one) => one.value.includes("olga")) ?? { key: "" };
    const forged = key.replace("read-only", "read-nothing");
    await store.put(forged, `{"what":{"kind":"read-nothing"}}`, { ttlMs: 60_000 });
    await operator.set({ kind: "client", client: "x" }, by);
    await expect(Promise.try(() => switches.refresh())).rejects.toThrow("a switch that this version cannot read");
    expect(() => guarded.decide(alice, read, {})).toThrow(TypeError);
  });
});

describe("with the state away", () => {
  it("refresh rejects, and what was last known goes on being asked", async () => {
    const store = memoryStore();
    let away = false;
    const flaky: StateStore = {
      get: (key) => (away ? Promise.reject(new StateError("unavailable", "away")) : store.get(key)),
      put: (...given) => store.put(...given),
      putIfAbsent: (...given) => store.putIfAbsent(...given),
      compareAndDelete: (...given) => store.compareAndDelete(...given),
      increment: (...given) => store.increment(...given),
      list: (...given) => store.list(...given),
      delete: (key) => store.delete(key),
      close: () => store.close(),
    };
    const switches = createSwitches({ store: flaky });
    const guarded = withSwitches(scopePolicy(), switches, { server: "filesystem" });
    await switches.set({ kind: "client", client: "app" }, by);
    await guarded.refresh?.();
    away = true;
    await expect(guarded.refresh?.()).rejects.toMatchObject({ code: "unavailable" });
    expect(guarded.decide(alice, read, {})).toMatchObject({ rule: "switch/client" });
    expect(guarded.decide(person("bob"), read, {})).toMatchObject({ effect: "allow" });
    expect(switches.ageMs()).toBeLessThan(30_000);
  });

  it("the policy's own refresh is waited for too", async () => {
    const store = memoryStore();
    const policy: Policy = { ...scopePolicy(), refresh: () => Promise.reject(new Error("the policy is behind")) };
    const guarded = withSwitches(policy, createSwitches({ store }), { server: "filesystem" });
    await expect(guarded.refresh?.()).rejects.toThrow("the policy is behind");
  });
});
