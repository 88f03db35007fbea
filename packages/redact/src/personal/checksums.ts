/** Whether the digits are those of a payment card: ISO/IEC 7812-1 check digit over 13 to 19 digits. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30;
    const weighed = i % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0;
}

/** Whether letters and digits without spaces are an IBAN: ISO 13616-1, ISO/IEC 7064 MOD 97-10. */
export function passesIban(compact: string): boolean {
  if (compact.length < 15 || compact.length > 34) return false;
  const rotated = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const unit of rotated) {
    const value = Number.parseInt(unit, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
