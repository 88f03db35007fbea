/** What an authorization server says of a token: the members of RFC 7662, section 2.2, none of them checked yet. */
export type Introspected = Readonly<Record<string, unknown>>;
