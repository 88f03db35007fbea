/** The kinds of personal data that can be asked for. */
export const PERSONAL_KINDS = ["email", "phone", "iban", "credit_card", "ip", "us_ssn"] as const;

export type PersonalKind = (typeof PERSONAL_KINDS)[number];
