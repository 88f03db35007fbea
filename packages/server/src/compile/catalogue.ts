import type { Catalogue, Found } from "../call/guard.ts";
import type { CallRequest } from "../call/request.ts";
import { nearest } from "../errors/nearest.ts";
import type { Operation } from "../operation.ts";
import type { CompiledResource } from "./resource.ts";

/** Operations by method and name. Maps, so that no name can reach a prototype. */
export function createCatalogue(operations: readonly Operation[], resources: readonly CompiledResource[]): Catalogue {
  const byMethod = new Map<string, Map<string, Operation>>();
  for (const operation of operations) {
    const named = byMethod.get(operation.method) ?? new Map<string, Operation>();
    named.set(operation.target.name, operation);
    byMethod.set(operation.method, named);
  }

  function findResource(uri: string): Found | undefined {
    for (const resource of resources) {
      const variables = resource.match(uri);
      if (variables !== undefined) return { operation: resource.operation, args: { uri, variables } };
    }
    return undefined;
  }

  return {
    find(request: CallRequest) {
      if (request.method === "resources/read") return findResource(request.name);
      const operation = byMethod.get(request.method)?.get(request.name);
      return operation === undefined ? undefined : { operation, args: request.args };
    },
    suggest(request, visible) {
      const named = byMethod.get(request.method);
      if (named === undefined || request.method === "resources/read") return undefined;
      const names = [...named.values()].filter(visible).map((operation) => operation.target.name);
      return nearest(request.name, names);
    },
  };
}
