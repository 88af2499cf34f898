/**
 * How a code went with which somebody was to prove an account. `linked` and `already`: confirmed; `replaced` by a newer
 * code; `left`: its member is not in the server any more; `failed`: confirmed, and the link could not be made.
 */
export type ProofOutcome = 'linked' | 'already' | 'expired' | 'replaced' | 'quickConnectOff' | 'left' | 'failed';

/** A code that was given out. Its secret is in the memory of the bot that asked for it, and nowhere else. */
export interface LinkProof {
  readonly id: number;
  readonly memberId: string;
  /** The bot's own device, made up for this one code: where its session is found, and signed out. */
  readonly deviceId: string;
  readonly beganAt: number;
  readonly expiresAt: number;
  readonly outcome: ProofOutcome | undefined;
  readonly accountName: string | undefined;
}

export interface ProofEnd {
  readonly outcome: ProofOutcome;
  readonly accountId?: string | undefined;
  readonly accountName?: string | undefined;
}

export interface LinkProofStore {
  begin(proof: Pick<LinkProof, 'memberId' | 'deviceId' | 'beganAt' | 'expiresAt'>): LinkProof;
  /** False when it had ended already. `owesWord`: its member has still to hear how it went. */
  end(id: number, end: ProofEnd, at: number, owesWord: boolean): boolean;
  signedOut(id: number, at: number): void;
  told(id: number): void;
  open(): LinkProof[];
  openOf(memberId: string): LinkProof[];
  /** Ended, and their device perhaps still signed in. */
  notSignedOut(): LinkProof[];
  owed(): LinkProof[];
}
