// Packs every package that can be published, with a list: node scripts/pack.mjs OUT
import { build } from "./pack/build.ts";
import { packWorkspace } from "./pack/pack-workspace.ts";

const [out, ...more] = process.argv.slice(2);
if (out === undefined || out.startsWith("-") || more.length > 0) {
  console.error("Say one folder, new or empty, to pack into: node scripts/pack.mjs OUT");
  process.exit(64);
}
try {
  build();
  for (const { name, version, file, bytes } of packWorkspace(out))
    console.log(`${name} ${version}  ${file}  ${bytes} bytes`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
