import { describe, expect, it } from "vitest";
import { createClock } from "../../../src/cedar/args/clock.ts";
import { createRuleSet } from "../../../src/cedar/decide/rule-set.ts";
import { standingOf } from "../../../src/cedar/decide/standing.ts";
import { preparse } from "../../../src/cedar/engine.ts";
import { principalEntity } from "../../../src/cedar/entities.ts";
import { load, person } from "../../support/policies.ts";

describe("bounds that were wrong", () => {
  const { rules, vocabulary } = load(`
    @id("a") permit(principal, action in Action::"read", resource);
    @id("b") permit(principal, action in Action::"read", resource) when { principal.subject == "alice" };`);
  const action = vocabulary.actions.get("filesystem::Action")?.get("read_text_file");
  const caller = principalEntity(person("alice"));
  const clock = createClock(() => 0, "UTC");

  it.each([
    ["as they are", undefined, "allow", "a,b"],
    [
      "without a rule that holds",
      { "may:a": "permit(principal, action, resource);" },
      "deny",
      "builtin/engine-disagrees",
    ],
    ["without any", {}, "deny", "builtin/no-permit"],
  ])("allow nothing: %s", (_, bounds, effect, rule) => {
    if (action === undefined || caller === undefined) throw new Error("no such action");
    const set = createRuleSet(action, rules);
    const standing = standingOf(bounds === undefined ? set : { ...set, bounds: preparse(bounds) }, caller, { clock });
    expect(standing).toMatchObject({ kind: "settled", verdict: { effect, rule } });
  });
});
