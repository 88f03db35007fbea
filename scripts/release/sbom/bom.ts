/** What of a CycloneDX 1.7 bill of materials is read or written here. */
export interface Bom {
  readonly specVersion: string;
  serialNumber: string;
  readonly metadata: { timestamp: string; readonly component: Component };
  readonly components: readonly Component[];
}

export interface Component {
  readonly purl: string;
  readonly licenses?: readonly unknown[];
  hashes?: readonly Hash[];
  readonly externalReferences?: readonly { readonly hashes?: readonly Hash[] }[];
}

export interface Hash {
  readonly alg: string;
  readonly content: string;
}
