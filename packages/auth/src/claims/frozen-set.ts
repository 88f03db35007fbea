const UNCHANGEABLE = { add: refuseChange, delete: refuseChange, clear: refuseChange };

/** `Object.freeze` leaves a set's content open, and one principal serves many calls: a scope added in one would stay. */
export function frozenSet(values: Iterable<string>): ReadonlySet<string> {
  return Object.freeze(Object.assign(new Set(values), UNCHANGEABLE));
}

function refuseChange(): never {
  throw new TypeError("what a principal may do is not changed");
}
