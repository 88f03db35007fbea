import type { DescribedApi, OpenedApi } from "../context.ts";
import { type Upstream, UpstreamError } from "../model/exchange.ts";
import type { UploadFiles, UploadOptions } from "../request/open-files.ts";
import { openUpstream, type UpstreamContext } from "../upstream/open-upstream.ts";

/** APIs that can be asked, until they are closed. */
export interface OpenedApis {
  readonly apis: readonly OpenedApi[];
  close(): Promise<void>;
}

/**
 * Opens what APIs need: secrets, certificates, upload folders. Nothing on the network is asked before a call is.
 *
 * @throws {ConfigError} something cannot be used. Nothing is left open then.
 */
export async function openApis(described: readonly DescribedApi[], context: UpstreamContext): Promise<OpenedApis> {
  const opened: OpenedApi[] = [];
  const close = async () => {
    for (const { files } of opened) files?.close();
    await Promise.all(opened.map(({ upstream }) => upstream.close()));
  };
  try {
    for (const api of described) {
      const { name, config, baseUrl } = api;
      const files = config.uploads === undefined ? undefined : await openUploads(config.uploads);
      try {
        opened.push({ ...api, files, upstream: openUpstream(name, { ...config, baseUrl }, context) });
      } catch (error) {
        files?.close();
        throw error;
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { apis: opened, close };
}

/** Loaded where files can be sent at all. */
async function openUploads(options: UploadOptions): Promise<UploadFiles> {
  const { openFiles } = await import("../request/open-files.ts");
  return openFiles(options);
}

/** An API for a server that is made to be described, and asks nobody. */
export function unopened(api: DescribedApi): OpenedApi {
  const upstream: Upstream = {
    name: api.name,
    send: () => Promise.reject(new UpstreamError("unreachable")),
    secrets: () => [],
    health: () => "away",
    close: async () => undefined,
  };
  return { ...api, files: undefined, upstream };
}
