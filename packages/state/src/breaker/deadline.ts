/**
 * Ends waiting after `ms`. Not before answers that have already arrived were read: a process that was busy for longer than
 * `ms` would otherwise declare a healthy store away.
 */
export function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      setImmediate(() => reject(new Error(`No answer within ${ms} ms.`)));
    }, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
