/** The resource of a table. */
export function tableUri(source: string, table: string): string {
  return `database://${source}/${encodeURIComponent(table)}`;
}

/** The table of an encoded segment; `undefined` when it is no encoding. */
export function tableOf(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** Whether `uri` is the one spelling of a table's: policies compare text. */
export function isTableUri(uri: string): boolean {
  const parts = /^database:\/\/([^/]+)\/([^/]+)$/.exec(uri);
  const table = tableOf(parts?.[2] ?? "%");
  return table !== undefined && tableUri(parts?.[1] ?? "", table) === uri;
}
