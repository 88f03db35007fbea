import { errors, jwtVerify } from "jose";

import { decodeJwt } from "../jwt/decode.ts";
import { TokenError } from "../token-error.ts";
import type { SigningKey, SigningKeys } from "./signing-key.ts";

/** What a proof says, once it is known who says it. */
export interface ProofClaims {
  readonly jti: string;
  readonly htm: string;
  readonly htu: string;
  readonly ath: string;
}

/** When a proof counts as made just now. */
export interface ProofTimes {
  readonly maxAgeS: number;
  readonly clockToleranceS: number;
  readonly now: () => number;
}

/** Holds a key of RSA-8192 and its signature. */
const MAX_PROOF_LENGTH = 5_000;
const MAX_JTI_LENGTH = 256;
const MAX_METHOD_LENGTH = 32;
const MAX_URI_LENGTH = 2_048;
const MAX_DIGEST_LENGTH = 64;

/** Reads a proof that the holder of the key `boundTo` signed just now, or refuses it. */
export async function openProof(
  proof: string,
  boundTo: string,
  keys: SigningKeys,
  times: ProofTimes,
): Promise<ProofClaims> {
  if (proof.length > MAX_PROOF_LENGTH) throw new TokenError("dpop-proof");
  const header = decodeHeader(proof);
  const signingKey = await keys.find(proof.slice(0, proof.indexOf(".")), header, boundTo);
  return readClaims(await verifySignature(proof, signingKey, times));
}

function decodeHeader(proof: string): Readonly<Record<string, unknown>> {
  try {
    return decodeJwt(proof).header;
  } catch {
    throw new TokenError("dpop-proof");
  }
}

async function verifySignature(proof: string, { alg, key }: SigningKey, times: ProofTimes) {
  try {
    const { payload } = await jwtVerify(proof, key, {
      algorithms: [alg],
      maxTokenAge: times.maxAgeS,
      clockTolerance: times.clockToleranceS,
      currentDate: new Date(times.now()),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) throw new TokenError("dpop-signature");
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
      throw new TokenError("dpop-time");
    }
    throw new TokenError("dpop-proof");
  }
}

function readClaims({ jti, htm, htu, ath }: Readonly<Record<string, unknown>>): ProofClaims {
  if (!isText(jti, MAX_JTI_LENGTH) || !isText(htm, MAX_METHOD_LENGTH) || !isText(htu, MAX_URI_LENGTH)) {
    throw new TokenError("dpop-proof");
  }
  if (!isText(ath, MAX_DIGEST_LENGTH)) throw new TokenError("dpop-token");
  return { jti, htm, htu, ath };
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= maxLength;
}
