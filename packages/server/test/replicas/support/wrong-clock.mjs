// Loaded before anything else: a clock that is off by SKEW_MS, for all of the process.
const Right = Date;
const skew = Number(process.env.SKEW_MS);
globalThis.Date = class WrongDate extends Right {
  constructor(...given) {
    super(...(given.length === 0 ? [Right.now() + skew] : given));
  }
  static now() {
    return Right.now() + skew;
  }
};
