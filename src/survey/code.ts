/**
 * The code in a survey's address: proof that a payment stands behind an answer, without a list of payments on the
 * public side and without the payment's id on a slip. Pure.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const NONCE_BYTES = 8;
const PROOF_BYTES = 8;

/** `nonce.proof`, 23 characters of base64url; always the same for a payment. */
export function surveyCode(secret: string, paymentId: string): string {
  const nonce = createHash('sha256').update(`survey:${paymentId}`).digest().subarray(0, NONCE_BYTES);
  return codeOf(secret, nonce);
}

/** The nonce by which an answer is told from every other; undefined if we never made this code. */
export function verifySurveyCode(secret: string, code: string): string | undefined {
  const nonce = Buffer.from(code.split('.')[0] ?? '', 'base64url');
  if (nonce.length !== NONCE_BYTES) return undefined;
  // The whole text is compared: base64 has several spellings of the same bytes, and each would be another answer.
  const [given, ours] = [Buffer.from(code), Buffer.from(codeOf(secret, nonce))];
  if (given.length !== ours.length || !timingSafeEqual(given, ours)) return undefined;
  return nonce.toString('base64url');
}

function codeOf(secret: string, nonce: Buffer): string {
  const proof = createHmac('sha256', secret).update(nonce).digest().subarray(0, PROOF_BYTES);
  return `${nonce.toString('base64url')}.${proof.toString('base64url')}`;
}
