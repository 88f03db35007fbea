import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packWorkspace } from "../scripts/pack/pack-workspace.ts";
import { installTools, type Tool } from "./managers.ts";
import { npmConfig, publishAll, type Registry, startRegistry, trustFile } from "./registry.ts";
import { createServices, type Services } from "./services.ts";
import { type Access, createWorld, type World } from "./world.ts";

/** What trials stand on. Each part is made when it is first asked for. */
export interface Setting {
  readonly services: Services;
  /** The machine that trials share: everything of ours is on its registry. */
  world(): Promise<World>;
  /** A machine with the same registry, on which nothing was downloaded yet. */
  freshWorld(): Promise<World>;
  /** A machine with the registry that this one has: nothing of ours is there. */
  outsideWorld(): World;
  /** How many requests the registry of the internet has left without an answer so far. */
  lost(): Promise<number>;
  /** Ends what was started and removes what was made. @param keep leave the machines; @returns their folders */
  stop(keep: boolean): Promise<readonly string[]>;
}

/**
 * @param tools on the path of the machine that trials share
 * @param say told what was published, and where
 */
export function createSetting(tools: readonly Tool[], say: (line: string) => void = () => undefined): Setting {
  const packed = mkdtempSync(join(tmpdir(), "hardened-mcp-packed-"));
  const services = createServices(packed);
  const worlds: World[] = [];
  let registry: Promise<Registry> | undefined;
  let shared: Promise<World> | undefined;

  const add = (url: string, access?: Access): World => {
    const world = createWorld(url, access);
    worlds.push(world);
    return world;
  };
  const openRegistry = (): Promise<Registry> => {
    registry ??= startRegistry();
    return registry;
  };
  const openShared = async (): Promise<World> => {
    packWorkspace(packed);
    const { url } = await openRegistry();
    const world = add(url, { token: "none", asksOnce: true });
    say(`${publishAll(world, packed).length} packages published to ${url}`);
    await installTools(world, tools);
    return world;
  };
  const world = (): Promise<World> => {
    shared ??= openShared();
    return shared;
  };

  return {
    services,
    world,
    freshWorld: async () => {
      await world();
      return add((await openRegistry()).url);
    },
    outsideWorld: () => add(npmConfig("registry"), { caFile: trustFile() }),
    lost: async () => (await registry?.catch(() => undefined))?.lost() ?? 0,
    stop: async (keep) => {
      for (const one of worlds) one.endAll();
      await services.stop();
      await registry?.then(
        (started) => started.stop(),
        () => undefined,
      );
      rmSync(packed, { recursive: true, force: true });
      if (!keep) for (const one of worlds) one.remove();
      return worlds.map(({ folder }) => folder);
    },
  };
}
