import { ConfigError } from "../../errors/config-error.ts";
import { quietly } from "../../log/quietly.ts";
import type { GuardedServer } from "../../server.ts";
import type { TlsRecords } from "./reload.ts";

/** Puts it on record which certificate is in service, and which one was not taken. */
export function tlsRecords({ guard, log }: GuardedServer): TlsRecords {
  return {
    loaded({ fingerprint, validTo }) {
      const detail = { what: "tls", outcome: "loaded", fingerprint, validTo: validTo.toISOString() };
      guard.audit.write({ type: "config.loaded", detail });
      quietly(() => log.info(detail, "TLS certificate in service"));
    },
    refused(error) {
      // Our own words name paths, and never what is in them; another error's may.
      const why = error instanceof ConfigError ? error.message : "internal";
      quietly(() => guard.audit.write({ type: "config.loaded", detail: { what: "tls", outcome: "refused", why } }));
      quietly(() => log.error({ err: error }, "the changed TLS files are not used; the former certificate stays"));
    },
  };
}
