import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../errors.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import type { Secret } from '../../secret.js';
import { calmly } from '../log.js';
import type { Actor } from '../members/actor.js';
import type { LinkDeps, LinkProof, ProofEnd } from './link-ports.js';
import type { Links } from './links.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';

/** Jellyfin takes a code for so long. */
const codeLivesMs = 10 * 60_000;
/** A code that somebody tried, also in vain, lives eleven minutes longer at the server; with room for two clocks. */
const graceMs = 12 * 60_000;
const defaultPollMs = 2000;

/** The button by which such a message is found again. */
export const proofButtonId = (id: number) => `link:prove:${id}`;
/** The same of the message to the admins that such a proof was refused. */
export const refusedProofButtonId = ({ id, accountId = '' }: LinkProof) =>
  `status:sign-out:${accountId}:${900_000_000 + id}`;

interface BegunProof {
  readonly code: string;
  readonly expiresAt: number;
  /** How it went, within the ten minutes that a code lives. */
  readonly ended: Promise<ProofEnd>;
}

/** Looks whether a code was confirmed: by whom, and how the session that came of it is ended. */
type Watched = () => Promise<{ readonly accountId: string; readonly signOut: () => Promise<void> } | undefined>;
type Confirmed = NonNullable<Awaited<ReturnType<Watched>>>;

/**
 * Links by proof: the bot asks Jellyfin for a code, the member confirms it on a device where they are signed in, and the
 * session that this opens tells whose account it is. The session is signed out at once, whatever else happens.
 */
export class LinkProofs {
  readonly #stopping = new AbortController();
  /** By the proof's id: two that look at one code would take each other for a newer one. */
  readonly #watching = new Map<number, Promise<void>>();
  readonly #locks = new KeyedMutex<'round'>();

  constructor(private readonly deps: LinkDeps & { readonly links: Links }) {}

  /**
   * Gives out a code; an earlier one of the same person counts no more, once there is a newer one.
   * Throws `tooOften`, `quickConnectOff` or a Jellyfin code.
   */
  async begin(actor: Actor): Promise<BegunProof> {
    const { stores, quickConnect, rateLimits, now } = this.deps;
    const deviceId = `latchkey-${crypto.randomUUID()}`;
    const begunAt = now();
    // Each code is a device at the server, to be looked at every two seconds and deleted in the end.
    const { code, secret } = await rateLimits.take(actor.id, 'link code', () => quickConnect.begin(deviceId));
    for (const earlier of stores.linkProofs.openOf(actor.id)) this.#end(earlier, { outcome: 'replaced' }, false);
    const proof = stores.linkProofs.begin({ memberId: actor.id, deviceId, begunAt, expiresAt: begunAt + codeLivesMs });
    const ended = new Promise<ProofEnd>((tell) => this.#watch(proof, this.#bySecret(secret, deviceId), tell));
    return { code, expiresAt: proof.expiresAt, ended };
  }

  /**
   * At a start: codes that a stopped bot gave out are watched on. Their secrets are gone with it, but whoever confirmed one
   * is signed in on the bot's own device.
   */
  async resume(): Promise<void> {
    for (const proof of this.deps.stores.linkProofs.open()) {
      // Somebody may have begun since the start: their code is watched, by its secret.
      if (!this.#watching.has(proof.id)) this.#watch(proof, this.#byDevice(proof.deviceId));
    }
    await this.round();
  }

  /** Once a minute: devices that may still be signed in. */
  round(): Promise<void> {
    return this.#locks.run('round', () => this.#round());
  }

  async #round(): Promise<void> {
    const { stores, now } = this.deps;
    for (const proof of stores.linkProofs.notSignedOut()) {
      // One that was confirmed has a session now; another may be confirmed as long as the server takes its code.
      const isOpen = ['linked', 'already', 'refused', 'bySignIn', 'left', 'failed'].includes(proof.outcome ?? '');
      if (isOpen || now() >= proof.expiresAt + graceMs) await this.#signOut(proof);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#watching.values());
  }

  #watch(proof: LinkProof, watched: Watched, tell?: (end: ProofEnd) => void): void {
    const work = this.#follow(proof, watched, tell)
      .catch((err: unknown) => this.deps.log.error({ err, proof: proof.id }, 'a code could not be followed'))
      .finally(() => this.#watching.delete(proof.id));
    this.#watching.set(proof.id, work);
  }

  async #follow(proof: LinkProof, watched: Watched, tell?: (end: ProofEnd) => void): Promise<void> {
    const { proofPollMs: pollMs = defaultPollMs } = this.deps;
    for (;;) {
      const end = await this.#look(proof, watched, tell === undefined);
      if (end) {
        tell?.(end);
        await this.deps.outbox.deliver(['proofEnded', 'proofRefused'], `${proof.id}`);
        return this.round();
      }
      await wait(pollMs, undefined, { ref: false, signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
      if (!this.#isOpen(proof)) return tell?.({ outcome: 'replaced' });
    }
  }

  /** `writes`: nobody has an answer before them that could change, so their member is written to. */
  async #look(proof: LinkProof, watched: Watched, writes: boolean): Promise<ProofEnd | undefined> {
    try {
      const confirmed = await watched();
      if (confirmed) return await this.#confirmed(proof, confirmed, writes);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'codeExpired') return this.#end(proof, { outcome: 'expired' }, writes);
      if (error.code === 'quickConnectOff') return this.#end(proof, { outcome: 'quickConnectOff' }, writes);
      // A server that is away for a moment may come back, and know the code still.
    }
    return this.deps.now() >= proof.expiresAt ? this.#end(proof, { outcome: 'expired' }, writes) : undefined;
  }

  async #confirmed(proof: LinkProof, { accountId, signOut }: Confirmed, writes: boolean): Promise<ProofEnd> {
    try {
      return await this.#link(proof, accountId, writes);
    } finally {
      await this.#signOut(proof, signOut);
    }
  }

  async #link(proof: LinkProof, accountId: string, writes: boolean): Promise<ProofEnd> {
    const { stores, members, jellyfin, passwordChanges, links, log } = this.deps;
    const { memberId } = proof;
    try {
      const member = await members.find(memberId);
      if (!member) return this.#end(proof, { outcome: 'left' }, writes);
      const account = await jellyfin.getAccount(accountId);
      // A password that was changed before this proof does not count against it.
      await passwordChanges.read();
      // Somebody who was forgotten while the server was asked, or has a newer code by now, gets no link of this one.
      if (!this.#isOpen(proof)) return { outcome: 'replaced' };
      const { name: accountName } = account;
      // A television in the living room is signed in, too: an administrator's account takes an admin role besides.
      if (account.isAdministrator && member.rank !== 'admin') {
        return this.#end(proof, { outcome: 'refused', accountId, accountName }, writes);
      }
      // Whoever is linked by an admin's word, or somebody for them, may have typed this very code into `/signin`.
      if (stores.deviceSignIns.anySince(accountId, proof.begunAt)) {
        return this.#end(proof, { outcome: 'bySignIn', accountId, accountName }, writes);
      }
      return links.linkProved(memberId, member.rank, account, (isNew) => {
        const end = { outcome: isNew ? 'linked' : 'already', accountId, accountName } as const;
        // Who was linked is greeted, which says so.
        return this.#end(proof, end, writes && !isNew);
      });
    } catch (err) {
      log.warn({ err }, 'somebody proved an account, and the link could not be made');
      return this.#end(proof, { outcome: 'failed', accountId }, writes);
    }
  }

  #end({ id, memberId }: LinkProof, end: ProofEnd, isOwed: boolean): ProofEnd {
    const { stores, outbox, now } = this.deps;
    const { outcome, accountId, accountName } = end;
    stores.transaction(() => {
      if (!stores.linkProofs.end(id, end, now())) return;
      stores.audit.record({ actorId: memberId, act: 'prove', outcome, accountId, accountName, memberId });
      if (isOwed) outbox.owe({ kind: 'proofEnded', subjectId: `${id}`, recipientId: memberId });
      if (outcome === 'refused') outbox.owe({ kind: 'proofRefused', subjectId: `${id}`, recipientId: 'admins' });
    });
    return end;
  }

  #isOpen({ id, memberId }: LinkProof): boolean {
    return this.deps.stores.linkProofs.openOf(memberId).some((each) => each.id === id);
  }

  #bySecret(secret: Secret, deviceId: string): Watched {
    const { quickConnect } = this.deps;
    return async () => ((await quickConnect.isConfirmed(secret)) ? quickConnect.open(secret, deviceId) : undefined);
  }

  #byDevice(deviceId: string): Watched {
    const { quickConnect } = this.deps;
    return async () => {
      const accountId = await quickConnect.whoIsOn(deviceId);
      return accountId === undefined ? undefined : { accountId, signOut: () => quickConnect.signOutDevice(deviceId) };
    };
  }

  /** The device's id is written down: where it fails, the next round signs it out. */
  #signOut({ id, deviceId }: LinkProof, signOut = () => this.deps.quickConnect.signOutDevice(deviceId)): Promise<void> {
    const { stores, now, log } = this.deps;
    return calmly(log, { proof: id }, 'the session of a code could not be signed out yet', async () => {
      await signOut();
      stores.linkProofs.signedOut(id, now());
    });
  }
}

/** Renders how a code ended, or that it was refused; the subject is the proof. Who cannot be reached need not hear of it later. */
export class LinkProofNotices implements NoticeRenderer {
  constructor(private readonly deps: LinkDeps) {}

  draw({ kind, subjectId }: Notice): DrawnNotice | undefined {
    const proof = this.deps.stores.linkProofs.byId(Number(subjectId));
    if (proof && kind === 'proofRefused') {
      return { findBy: [refusedProofButtonId(proof)], message: () => this.deps.linkMessages.proofRefused(proof) };
    }
    return proof && { findBy: [proofButtonId(proof.id)], message: () => this.deps.linkMessages.proofEnded(proof) };
  }
}
