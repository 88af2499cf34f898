import { AppError, type ErrorCode } from '../../errors.js';
import { isRecent, minuteMs } from '../../time.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { lockState, type Account } from '../accounts/account.js';
import { type Device, devicesOf } from '../accounts/device.js';
import { everyoneToTell } from '../accounts/ownership.js';
import type { QuickConnect } from '../accounts/quick-connect-port.js';
import { calmly } from '../log.js';
import type { Actor } from '../members/actor.js';
import type { Message } from '../notices/messenger-port.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import type { Engine } from '../requests/create-requests.js';

/** A device that somebody signed in with a code. */
export interface DeviceSignIn {
  readonly id: number;
  /** Whoever typed the code. */
  readonly memberId: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly begunAt: number;
  /** Undefined where Jellyfin's answer never came: it may have been done. */
  readonly doneAt: number | undefined;
  /** Ids of the devices that were signed in to the account until then. */
  readonly devicesBefore: readonly string[];
  /** The owner who says that it was not theirs; `latchkey` where its member lost the account before it was in. */
  readonly deniedBy: string | undefined;
  readonly signedOutAt: number | undefined;
}

export interface DeviceSignInStore {
  begin(
    signIn: Pick<DeviceSignIn, 'memberId' | 'accountId' | 'accountName' | 'begunAt' | 'devicesBefore'>,
  ): DeviceSignIn;
  byId(id: number): DeviceSignIn | undefined;
  /** Whether there was one to this account since then. */
  anySince(accountId: string, at: number): boolean;
  /** The first to the same account after this one. */
  next(accountId: string, id: number): DeviceSignIn | undefined;
  done(id: number, at: number): void;
  /** Jellyfin refused it: there was none. */
  failed(id: number): void;
  /** False when somebody has denied it before. */
  deny(id: number, by: string): boolean;
  signedOut(id: number, at: number): void;
  /** Denied, and their device perhaps still signed in. */
  toSignOut(): DeviceSignIn[];
}

export interface SignInMessages {
  /** To each owner of the account: that a device was signed in. */
  signedIn(ownerId: string, signIn: DeviceSignIn): Message;
  /** To the admins: that an owner says it was not theirs. */
  signInDenied(signIn: DeviceSignIn): Message;
}

export interface SignInPorts {
  readonly stores: { readonly deviceSignIns: DeviceSignInStore };
  readonly quickConnect: QuickConnect;
  readonly signInMessages: SignInMessages;
}

/** What signing in with a code stands on. */
type SignInDeps = SignInPorts & Engine;

/** Jellyfin takes a code for so long (docs/jellyfin.md, "Quick Connect"). */
const codeLivesMs = 10 * minuteMs;

/** What became of a device that an owner denied; `areAdminsTold`: the admin channel reaches somebody. */
interface DeniedSignIn {
  readonly accountName: string;
  /** The names of the devices that were signed out. */
  readonly devices: readonly string[];
  readonly areAdminsTold: boolean;
}

/**
 * A way in without a password: the code on a new device's screen, authorised for one's own account. All its owners hear of
 * each device, and any of them can have it signed out.
 */
class SignIns {
  readonly #locks = new KeyedMutex<string>();
  /** Codes that went through, by whom, for which account: a second press of the same button is no second try. */
  readonly #done = new Map<string, { readonly who: string; readonly at: number }>();

  constructor(private readonly deps: SignInDeps) {}

  /** The code as Jellyfin wants it: its zeros kept, without what people put in between. Throws `codeUnreadable`. */
  readCode(typed: string): string {
    const code = typed.replace(/[\s\p{Pd}\p{Cf}.·_]/gu, '').normalize('NFKC');
    if (!/^\d{6}$/.test(code)) throw new AppError('codeUnreadable');
    return code;
  }

  /**
   * An own account, as it is at this moment. Throws `accountNotYours`, `linkUnproved`, `signInSuspended`, `disabledByAdmin`,
   * or a Jellyfin code.
   */
  async look(actor: Actor, accountId: string): Promise<Account> {
    const { ownership, jellyfin, passwordChanges } = this.deps;
    ownership.assertOwn(actor.id, accountId);
    await passwordChanges.read();
    const account = await jellyfin.getAccount(accountId);
    // Asked again: it may have become an administrator's, or got another password.
    ownership.assertMaySignIn(actor.id, accountId);
    if (lockState(account) === 'disabled') throw new AppError('disabledByAdmin', { account: account.name });
    return account;
  }

  /**
   * Signs the device that shows the code in to an own account, unless that is locked: a locked account's device would be
   * let in and then refused everything. `typedAt`: when the person saw the code.
   * Throws as `look` does, `codeExpired`, `tooOften`, `codeWrong`, `codeUsed`, or `quickConnectOff`.
   */
  async authorise(actor: Actor, accountId: string, code: string, typedAt: number): Promise<Account> {
    return this.#locks.run(code, async () => {
      this.deps.ownership.assertOwn(actor.id, accountId);
      const before = await devicesOf(this.deps.watch.devices, accountId);
      // Last, so that nothing is waited for between this look and letting the device in.
      const account = await this.look(actor, accountId);
      if (lockState(account) === 'locked') return account;
      const who = `${actor.id} ${accountId}`;
      this.#forgetOld();
      if (this.#done.get(code)?.who === who) return account;
      if (this.deps.now() - typedAt >= codeLivesMs) throw new AppError('codeExpired');
      // A code has six digits: nobody is to try them all.
      await this.deps.rateLimits.take(actor.id, 'sign-in code', () => this.#signIn(actor, account, code, before));
      this.#done.set(code, { who, at: this.deps.now() });
      return account;
    });
  }

  /**
   * An owner says that a device was not theirs: the admins hear of it, and it is signed out.
   * Throws `requestGone`, `accountNotYours`, `linkUnproved`, `jellyfinNotApplied` or a Jellyfin code; then a later round
   * signs it out.
   */
  async deny(actor: Actor, id: number): Promise<DeniedSignIn> {
    const { stores, ownership, jellyfin, outbox, adminChannel, log } = this.deps;
    const signIn = stores.deviceSignIns.byId(id);
    if (!signIn) throw new AppError('requestGone');
    ownership.assertOwn(actor.id, signIn.accountId);
    const message = 'an account whose device was denied could not be read';
    await calmly(log, { signIn: id }, message, () => jellyfin.getAccount(signIn.accountId));
    // Asked again: it may have become an administrator's.
    ownership.assertOwn(actor.id, signIn.accountId);
    stores.transaction(() => {
      if (!stores.deviceSignIns.deny(id, actor.id)) return;
      this.#record(actor.id, signIn, 'not me');
      outbox.owe({ kind: 'signInDenied', subjectId: `${id}`, recipientId: 'admins' });
    });
    try {
      const areAdminsTold = adminChannel.reaches({ helpersToo: true });
      return { accountName: signIn.accountName, devices: await this.#signOut(signIn), areAdminsTold };
    } finally {
      void outbox.deliver(['signInDenied'], `${id}`);
    }
  }

  /** Once a minute: denied devices that could not be signed out yet. */
  async round(): Promise<void> {
    const { stores, log } = this.deps;
    for (const signIn of stores.deviceSignIns.toSignOut()) {
      const message = 'a device that an owner denied could not be signed out yet';
      await calmly(log, { signIn: signIn.id }, message, () => this.#signOut(signIn));
    }
  }

  /** Written before it is done: where nothing can be saved any more, nobody is let in, and nobody is let in unheard. */
  async #signIn(actor: Actor, account: Account, code: string, before: readonly Device[]): Promise<void> {
    const { stores, quickConnect, ownership, outbox, log, now } = this.deps;
    const { id: accountId, name: accountName } = account;
    const signIn = stores.transaction(() => {
      const devicesBefore = before.map(({ id }) => id);
      const signIn = { memberId: actor.id, accountId, accountName, begunAt: now(), devicesBefore };
      const begun = stores.deviceSignIns.begin(signIn);
      this.#record(actor.id, begun, 'begun');
      this.#oweOwners(begun);
      return begun;
    });
    try {
      await quickConnect.authorise(code, accountId);
    } catch (error) {
      if (error instanceof AppError && refusals.includes(error.code)) stores.deviceSignIns.failed(signIn.id);
      throw error;
    }
    const isTheirs = ownership.has(actor.id, accountId);
    stores.transaction(() => {
      stores.deviceSignIns.done(signIn.id, now());
      this.#oweOwners(signIn);
      if (isTheirs) this.#record(actor.id, signIn, 'done');
      else stores.deviceSignIns.deny(signIn.id, 'latchkey');
    });
    void outbox.deliver(['deviceSignedIn'], `${signIn.id}`);
    if (isTheirs) return;
    // They lost the account while Jellyfin was asked. What cannot be signed out now is by a later round.
    const message = 'a device could not be signed out yet whose member lost the account meanwhile';
    await calmly(log, { signIn: signIn.id }, message, () => this.#signOut(signIn));
    ownership.assertOwn(actor.id, accountId);
  }

  /** Whoever owns the account is to hear of it, each once. */
  #oweOwners({ id, accountId }: DeviceSignIn): void {
    const { stores, outbox } = this.deps;
    for (const { memberId: recipientId } of everyoneToTell(stores.links, accountId)) {
      outbox.owe({ kind: 'deviceSignedIn', subjectId: `${id}`, recipientId });
    }
  }

  /** Signs out what came in with it, and reads that back. */
  async #signOut(signIn: DeviceSignIn): Promise<string[]> {
    const { stores, watch, now } = this.deps;
    const { id, accountId, devicesBefore } = signIn;
    const next = stores.deviceSignIns.next(accountId, id);
    const fresh = (await devicesOf(this.deps.watch.devices, accountId)).filter(
      (device) => !devicesBefore.includes(device.id),
    );
    // What came in after the next sign-in is not this one's.
    const known = fresh.filter((device) => next?.devicesBefore.includes(device.id));
    const denied = known.length > 0 ? known : fresh;
    for (const device of denied) await watch.devices.signOut(device.id);
    const left = denied.length > 0 ? await devicesOf(this.deps.watch.devices, accountId) : [];
    if (left.some((each) => denied.some((device) => device.id === each.id))) throw new AppError('jellyfinNotApplied');
    stores.deviceSignIns.signedOut(id, now());
    return denied.map(({ name }) => name);
  }

  #forgetOld(): void {
    for (const [code, { at }] of this.#done) if (!isRecent(at, this.deps.now(), codeLivesMs)) this.#done.delete(code);
  }

  #record(actorId: string, { accountId, accountName, memberId }: DeviceSignIn, outcome: string): void {
    this.deps.stores.audit.record({ actorId, act: 'signin', outcome, accountId, accountName, memberId });
  }
}

/** Jellyfin's own word that it did nothing. All else, such as a proxy's 503, leaves that open. */
const refusals: readonly ErrorCode[] = [
  ...(['codeWrong', 'codeUsed', 'codeNotLetIn', 'quickConnectOff', 'accountGone'] as const),
  ...(['jellyfinKeyRefused', 'jellyfinKeyNotAdmin'] as const),
];

/** Builds signing in with a code, and what people hear of it. */
export function createSignIns(deps: SignInDeps): SignIns {
  deps.outbox.register(['deviceSignedIn', 'signInDenied'], new DeviceSignInNotices(deps));
  return new SignIns(deps);
}

/** The button that stands on the message about one sign-in, and on no other. */
export const notMySignInButtonId = (id: number) => `signin:not-me:${id}`;
/** The same of the message to the admins that it was denied. */
export const deniedButtonId = ({ id, accountId }: DeviceSignIn) => `status:sign-out:${accountId}:${800_000_000 + id}`;

/** Jellyfin has answered by then, or never does. */
const answersWithinMs = minuteMs;

/** Renders what people hear of devices that were signed in with a code; the subject is the sign-in. */
class DeviceSignInNotices implements NoticeRenderer {
  constructor(private readonly deps: SignInDeps) {}

  draw({ kind, subjectId, recipientId }: Notice): DrawnNotice | 'later' | undefined {
    const { stores, ownership, signInMessages: messages, now } = this.deps;
    const signIn = stores.deviceSignIns.byId(Number(subjectId));
    if (!signIn) return undefined;
    if (kind === 'signInDenied') {
      return { findBy: [deniedButtonId(signIn)], message: () => messages.signInDenied(signIn) };
    }
    const when = ownership.toBeTold(recipientId, signIn.accountId);
    if (when !== 'now') return when;
    if (signIn.doneAt === undefined && isRecent(signIn.begunAt, now(), answersWithinMs)) return 'later';
    return {
      findBy: [notMySignInButtonId(signIn.id)],
      message: () => messages.signedIn(recipientId, signIn),
      inReply: 'same',
    };
  }
}
