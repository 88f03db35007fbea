import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Trial } from "../trial.ts";
import { create, expectEnd } from "./support.ts";

export const unwritablePath: Trial = {
  title: "special path that cannot be written",
  tools: [],
  run: async (setting, step) => {
    const world = await setting.world();
    const file = join(world.folder, "a file");
    const locked = join(world.folder, "locked");
    writeFileSync(file, "of somebody");
    mkdirSync(locked, { mode: 0o555 });
    // Rights do not bind root; the kernel's own file systems take no files from anybody.
    const places = [file, ...(process.getuid?.() === 0 ? ["/proc", "/sys/kernel"].filter(existsSync) : [locked])];
    for (const place of places) {
      const before = isFile(place) ? [] : readdirSync(place);
      for (const dir of [join(place, "server"), join(place, "deeper/server")]) {
        const ended = await step("refuse", () => create(world, dir, {}));
        expectEnd(ended, 73, [place]);
        if (/^\s+at /m.test(ended.stderr)) throw new Error(`Nobody wants to see a stack: ${ended.stderr}`);
      }
      const left = isFile(place) ? [] : readdirSync(place).filter((name) => /server|deeper|hardened/.test(name));
      if (left.some((name) => !before.includes(name))) throw new Error(`${place} has ${left.join(", ")} now.`);
    }
  },
};

const isFile = (path: string): boolean => path.endsWith("a file");
