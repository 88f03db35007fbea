import type { Backend } from "./backend.ts";
import { PathError } from "./errors.ts";
import { linux } from "./linux.ts";
import { portable } from "./portable.ts";

// <sys/fcntl.h> of macOS: refuses a link in any component, so what was checked by name is what is opened.
const O_NOFOLLOW_ANY = 0x20000000;

/** @throws {PathError} `unsupported` */
export function backendOf(platform: NodeJS.Platform): Backend {
  switch (platform) {
    case "linux":
      return linux;
    case "darwin":
      return portable(O_NOFOLLOW_ANY);
    case "win32":
      return portable(0);
    default:
      // Neither the kernel's answer nor a tested fallback: refuse rather than pretend.
      throw new PathError("unsupported");
  }
}
