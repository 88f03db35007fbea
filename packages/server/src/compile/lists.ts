import { z } from "zod";
import { type Guard, isVisible } from "../call/guard.ts";
import type { Call } from "../define/call.ts";
import { mimeType } from "../define/content.ts";
import type { ListedResource } from "../define/resource.ts";
import type { Method, Operation } from "../operation.ts";
import { argsRules } from "./args-rules.ts";
import { refuseCursor } from "./cursor.ts";
import { definitionHash } from "./definition-hash.ts";
import type { OperationLimits } from "./limits.ts";
import { listedOnce, listing } from "./listed-once.ts";
import type { ListedPrompt } from "./prompt.ts";
import type { CompiledResource } from "./resource.ts";
import type { ListedTool } from "./tool.ts";
import { createToolPages } from "./tool-pages.ts";

const MAX_CURSOR = 8192;
const input = z.strictObject({ cursor: z.string().max(MAX_CURSOR).optional() });
type ListInput = z.output<typeof input>;

/** A page as families of resources give it: text that others wrote, held to a schema like every other output. */
const resourcePage = z.object({
  resources: z
    .array(
      z.object({
        uri: z.string().max(MAX_CURSOR),
        name: z.string().max(1024),
        title: z.string().max(1024).optional(),
        description: z.string().max(4096).optional(),
        mimeType: mimeType.optional(),
        size: z.number().int().nonnegative().optional(),
      }),
    )
    .max(10_000),
  // Room for the number of the family in front.
  nextCursor: z.string().max(MAX_CURSOR).optional(),
});

/** Everything listable, each with the operation that decides who may see it. */
export interface Listable {
  readonly tools: readonly { readonly listed: ListedTool; readonly operation: Operation }[];
  readonly prompts: readonly { readonly listed: ListedPrompt; readonly operation: Operation }[];
  readonly resources: readonly CompiledResource[];
}

/** The list operations. Each shows a caller only what it may use; they are calls like any other, and on record. */
export function compileLists(
  listable: Listable,
  { policy, redactor }: Pick<Guard, "policy" | "redactor">,
  limits: () => OperationLimits,
): readonly Operation[] {
  const maySee = (call: Call) => (item: { readonly operation: Operation }) =>
    isVisible(policy, call.principal, item.operation);
  const list = (method: Method, form: "listing" | "page", run: Operation["run"], output?: z.ZodType): Operation => ({
    method,
    target: { method, name: method, effect: "read", scope: undefined, needsApproval: false },
    definition: definitionHash(method),
    input,
    keys: ["cursor"],
    output,
    form,
    present: undefined,
    untrusted: false,
    errors: {},
    argsRules: argsRules(["cursor"]),
    ...limits(),
    run,
  });
  /** A list of one page; no cursor of it was ever given. */
  const whole = <Item extends { readonly operation: Operation }>(
    method: Method,
    key: string,
    items: readonly Item[],
    listedOf: (item: Item) => object,
  ): Operation => {
    const all = items.map((item) => ({ operation: item.operation, listed: listedOnce(redactor, listedOf(item)) }));
    return list(method, "listing", (args, call) => {
      if ((args as ListInput).cursor !== undefined) refuseCursor();
      return listing(
        key,
        all.filter(maySee(call)).map((one) => one.listed),
      );
    });
  };
  const pageOfTools = createToolPages(
    listable.tools.map(({ listed, operation }) => ({
      name: listed.name,
      operation,
      listed: listedOnce(redactor, listed),
    })),
  );
  return [
    list("tools/list", "listing", (args, call) => {
      const { tools, nextCursor } = pageOfTools((args as ListInput).cursor, maySee(call));
      return listing("tools", tools, nextCursor);
    }),
    whole("prompts/list", "prompts", listable.prompts, ({ listed }) => listed),
    whole(
      "resources/templates/list",
      "resourceTemplates",
      listable.resources.filter((one) => one.isTemplate),
      asTemplate,
    ),
    list(
      "resources/list",
      "page",
      (args, call) => listResources(listable.resources.filter(maySee(call)), (args as ListInput).cursor, call),
      resourcePage,
    ),
  ];
}

function asTemplate({ definition }: CompiledResource): object {
  const { name, description, uri, mimeType } = definition;
  return { uriTemplate: uri, name, description, ...(mimeType === undefined ? {} : { mimeType }) };
}

/** Fixed resources first, then each family's own pages, one family after the other. */
async function listResources(
  resources: readonly CompiledResource[],
  cursor: string | undefined,
  call: Call,
): Promise<object> {
  const families = resources.filter((one) => one.definition.list !== undefined);
  const at = cursor === undefined ? { family: 0, inner: undefined } : parseCursor(cursor, families.length);
  const fixed: ListedResource[] =
    cursor === undefined
      ? resources.filter((one) => !one.isTemplate && one.definition.list === undefined).map(asListed)
      : [];
  const page = await families[at.family]?.definition.list?.(at.inner, call);
  const next = nextCursor(at.family, page?.nextCursor, families.length);
  return { resources: [...fixed, ...(page?.resources ?? [])], ...(next === undefined ? {} : { nextCursor: next }) };
}

function asListed({ definition }: CompiledResource): ListedResource {
  const { uri, name, description, mimeType } = definition;
  return { uri, name, description, ...(mimeType === undefined ? {} : { mimeType }) };
}

/** A cursor is `FAMILY:INNER`; the inner part belongs to the family, which checks it (spec: server/utilities/pagination). */
function parseCursor(cursor: string, families: number): { family: number; inner: string | undefined } {
  const parts = /^(\d{1,4}):(.*)$/s.exec(cursor);
  const family = Number(parts?.[1]);
  if (parts === null || !(family < families)) refuseCursor();
  return { family, inner: parts[2] === "" ? undefined : parts[2] };
}

function nextCursor(family: number, inner: string | undefined, families: number): string | undefined {
  if (inner !== undefined && inner !== "") return `${family}:${inner}`;
  return family + 1 < families ? `${family + 1}:` : undefined;
}
