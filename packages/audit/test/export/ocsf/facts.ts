/** Facts of the OCSF schema: names, types, numbers, requirements. None of its sentences. */
export interface Facts {
  readonly source: string;
  readonly version: string;
  /** API Activity. */
  readonly class: Entity;
  /** The objects that our events use. Others are named in attributes but not carried over. */
  readonly objects: Readonly<Record<string, Entity>>;
  readonly types: Readonly<Record<string, DataType>>;
}

export interface Entity {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints?: Readonly<Record<string, readonly string[]>>;
}

export interface Attribute {
  /** A data type, or an object. */
  readonly type: string;
  readonly array?: true;
  readonly requirement: "required" | "recommended" | "optional";
  /** Number to name. */
  readonly enum?: Readonly<Record<string, string>>;
  /** The attribute that spells this number out. */
  readonly sibling?: string;
  /** Only in events that name this profile. */
  readonly profile?: string;
  readonly deprecated?: true;
}

export interface DataType {
  readonly base?: string;
  readonly maxLength?: number;
  readonly range?: readonly [number, number];
}
