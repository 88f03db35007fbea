import type { Random } from "./random.ts";

export type Value = null | number | string;

/** One table of the sample: how each database declares it, and its rows. */
export interface SampleTable {
  readonly name: string;
  readonly sqlite: string;
  readonly postgres: string;
  /** Columns in the order of {@link rows}; generated ones are left out. */
  readonly columns: readonly string[];
  rows(size: SampleSize, random: Random): Generator<readonly Value[]>;
}

/** Rows of each kind. */
export interface SampleSize {
  readonly customers: number;
  readonly products: number;
  readonly orders: number;
  readonly events: number;
  readonly reviews: number;
  readonly tickets: number;
}

/** 1,066,000 rows and some: what the issue calls realistic. */
export const FULL: SampleSize = {
  customers: 40_000,
  products: 5000,
  orders: 150_000,
  events: 210_000,
  reviews: 20_000,
  tickets: 5000,
};

/** Some 11,000 rows, for tests that run every time. */
export const SMALL: SampleSize = {
  customers: 400,
  products: 200,
  orders: 1500,
  events: 2000,
  reviews: 300,
  tickets: 100,
};

/** Categories do not grow with the shop, nor does its staff. */
export const CATEGORIES = 60;
export const EMPLOYEES = 200;
export const SECRETS = 50;

/** So few that a join of three tables takes a millisecond: for fuzzing. */
export const TINY: SampleSize = { customers: 30, products: 20, orders: 60, events: 60, reviews: 20, tickets: 20 };
