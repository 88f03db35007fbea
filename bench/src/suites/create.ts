/**
 * Time to files of the scaffolder beside others. The suite stands on the registry of e2e/ and the packing of scripts/, which Node
 * runs as they are; so it is run as they are, too, and not built.
 */
export async function benchCreate(): Promise<string> {
  const suite: { benchCreate(): Promise<string> } = await import(
    new URL("../../create/bench-create.ts", import.meta.url).href
  );
  return suite.benchCreate();
}
