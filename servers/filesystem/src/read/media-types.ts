import { extname } from "node:path";

/** Types by file name ending: the official server's, and some that models are sent today. */
const TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".bmp": "image/bmp",
  ".svg": "image/svg+xml",
  ".avif": "image/avif",
  ".mp3": "audio/mpeg",
  ".wav": "audio/wav",
  ".ogg": "audio/ogg",
  ".flac": "audio/flac",
  ".m4a": "audio/mp4",
  ".pdf": "application/pdf",
};

/** The media type a name suggests; a hint for the reader, on which no check rests. */
export function mediaType(name: string): string {
  return TYPES[extname(name).toLowerCase()] ?? "application/octet-stream";
}

/** Bytes of the base64 form of `bytes` bytes. */
export function base64Bytes(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/** Clients on stdio end the connection at a message over 10 MiB (SDK 1 and 2), and with it every other call. */
const MAX_MEDIA_BYTES = 7 * 1024 * 1024;

/** Largest file that is sent as base64. */
export function mediaLimit(maxReadBytes: number): number {
  return Math.min(maxReadBytes, MAX_MEDIA_BYTES);
}
