import { isIP } from "node:net";

import { createShapeDetector } from "../anchored.ts";
import type { Detector } from "../span.ts";
import { passesIban, passesLuhn } from "./checksums.ts";
import { createPatternDetector } from "./pattern-detector.ts";
import type { PersonalKind } from "./personal-kinds.ts";

/** First digits that card issuers use (ISO/IEC 7812): a tenth of all numbers pass the check digit alone. */
const ISSUERS = /^(?:4|5[1-5]|2[2-7]|3[047]|35|38|6)/;

/** What finds each kind. Every quantifier is bounded; the look-behinds keep long runs of digits linear. */
export const PERSONAL_DETECTORS: Readonly<Record<PersonalKind, () => Detector>> = {
  email: () =>
    createShapeDetector({
      id: "email",
      anchors: [{ find: "@", at: 0 }],
      pattern:
        /(?<=(?<before>[\p{L}\p{N}._%+'-]{1,64}))@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}[\p{L}]{2,63}/u,
      example: [],
      nearMiss: [],
    }),
  phone: () =>
    createPatternDetector("phone", [
      /(?<![\w+])\+[1-9](?:[ ().-]{0,2}\d){7,14}(?!\d)/g,
      /(?<![\w.+-])(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])/g,
    ]),
  iban: () =>
    createPatternDetector("iban", [/(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}/g], (candidate) =>
      passesIban(candidate.replaceAll(" ", "")),
    ),
  credit_card: () =>
    createPatternDetector(
      "credit_card",
      [/(?<!\d)[2-6](?:[ -]?\d){12,18}/g],
      (candidate) => ISSUERS.test(candidate) && passesLuhn(candidate.replace(/[ -]/g, "")),
    ),
  ip: () =>
    createPatternDetector(
      "ip",
      [
        /(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.]?\d)/g,
        /(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])/g,
      ],
      (candidate) => candidate.length > 2 && isIP(candidate) !== 0,
    ),
  us_ssn: () =>
    createPatternDetector("us_ssn", [/(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g]),
};
