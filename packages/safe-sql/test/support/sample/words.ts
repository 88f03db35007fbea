/** Words that the sample is made of. */
export const COUNTRIES = ["DE", "FR", "US", "GB", "IT", "ES", "PL", "NL", "SE", "JP"] as const;
export const CITIES = ["Berlin", "Paris", "Austin", "Leeds", "Milan", "Sevilla", "Gdansk", "Utrecht", "Lund", "Osaka"];
export const FIRST = ["Ada", "Ben", "Chloé", "Dmitri", "Eve", "Farid", "Grace", "Hana", "Ivo", "Jane", "Kofi", "Léa"];
export const LAST = ["Okafor", "Smith", "O'Neil", "Müller", "Rossi", "Tanaka", "Novak", "Silva", "Larsen", "Khan"];
export const TIERS = ["bronze", "silver", "gold", "platinum"] as const;
export const STATUSES = ["placed", "paid", "shipped", "delivered", "returned", "cancelled"] as const;
export const METHODS = ["card", "transfer", "wallet", "invoice"] as const;
export const CURRENCIES = ["EUR", "USD", "GBP"] as const;
export const KINDS = ["visit", "search", "view", "add_to_cart", "checkout", "purchase", "refund"] as const;
export const WAREHOUSES = ["north", "south", "east"] as const;
export const DEPARTMENTS = ["sales", "support", "engineering", "finance"] as const;
export const TENANTS = ["acme", "globex", "initech"] as const;
export const COLOURS = ["red", "green", "blue", "black", "white"] as const;
export const NOUNS = ["lamp", "chair", "kettle", "bag", "jacket", "tent", "bottle", "radio", "desk", "clock"] as const;
export const OPINIONS = [
  "sturdy and well made",
  "broke after a week",
  "arrived late but works",
  "excellent value for the money",
  "the colour is not as shown",
  "would buy again",
  "too small for me",
  "battery lasts long",
] as const;
