/**
 * What must never leave: every denied value, every value that is masked, and every row outside a filter holds this word. A mask of
 * the sample leaves at most two characters at an end, so no masked value shows it either.
 */
export const CANARY = "CNRY-";

/** A secret of its own for each row: `CNRY-ssn-0001e240`. */
export function canary(kind: string, id: number): string {
  // Multiplying by an odd number mixes the digits, so that no secret is the beginning of another.
  return `${CANARY}${kind}-${(Math.imul(id, 2_654_435_761) >>> 0).toString(16).padStart(8, "0")}`;
}

const FORMS = formsOf(CANARY);

/** Whether `text` shows a secret: as it is, in any case, backwards, in hexadecimal digits or in Base64. */
export function showsCanary(text: string): boolean {
  const low = text.toLowerCase();
  return FORMS.some(({ form, exact }) => (exact ? text.includes(form) : low.includes(form)));
}

function formsOf(word: string): { readonly form: string; readonly exact: boolean }[] {
  const low = word.toLowerCase();
  const hex = (text: string): string => Buffer.from(text).toString("hex");
  // Base64 of a word depends on where it begins within three bytes; the digits that other bytes touch are left out.
  const base64 = [0, 1, 2].map((before) =>
    Buffer.from("x".repeat(before) + word)
      .toString("base64")
      .slice(before === 0 ? 0 : before + 1, -3),
  );
  return [
    { form: low, exact: false },
    { form: [...low].reverse().join(""), exact: false },
    { form: hex(word), exact: false },
    { form: hex(low), exact: false },
    ...base64.map((form) => ({ form, exact: true })),
  ];
}
