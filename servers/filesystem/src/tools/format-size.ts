const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** A size as the official server writes it: `0 B`, `512 B`, `1.50 KB`; 1 KB is 1,024 bytes. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const unit = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  return `${(bytes / 1024 ** unit).toFixed(2)} ${UNITS[unit]}`;
}
