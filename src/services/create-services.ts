import { ActivityLogReader } from './accounts/activity-log-reader.js';
import { AccountDirectory } from './accounts/account-directory.js';
import { AccountPicker } from './accounts/account-picker.js';
import type { Transaction } from './transaction.js';
import type { Audit } from './audit.js';
import { Events } from './events.js';
import { RequestExecutor } from './requests/request-executor.js';
import { History } from './history/history.js';
import type { HistoryStore, SignInDays } from './history/history-store.js';
import { cardLook, RequestCards } from './requests/request-cards.js';
import { createLinking } from './links/create-links.js';
import type { GreetingMessages } from './links/link-greetings.js';
import type { Jellyfin } from './accounts/jellyfin-port.js';
import type { LinkStore } from './accounts/link.js';
import { LinkMaker } from './requests/link-maker.js';
import { linkRequests } from './links/link-requests.js';
import type { LinkNewsStore, LinkNewsMessages } from './links/link-news.js';
import type { LinkProofStore, LinkProofMessages } from './links/link-proofs.js';
import type { Log } from './log.js';
import type { Members, MemberSearch } from './members/member-lookup-port.js';
import type { Messenger } from './notices/messenger-port.js';
import { type AccountNoticeStore, AccountNotices, type AccountNoticeMessages } from './notices/account-notices.js';
import { KeptMessages } from './notices/kept-message.js';
import { createLockouts, type LockoutPorts } from './lockouts/create-lockouts.js';
import { ownerNoticeKinds, OwnerNotices, type OwnerNoticeMessages } from './links/owner-notices.js';
import { Outbox } from './notices/outbox.js';
import type { NoticeStore } from './notices/notice.js';
import { PasswordDelivery } from './passwords/password-delivery.js';
import { PasswordHandover } from './passwords/password-handover.js';
import { PinOwners } from './pins/pin-owners.js';
import { PinWatch, type PinMessages } from './pins/pin-watch.js';
import type { PinFolder } from './rescue/ladder/pin-port.js';
import type { PinsExpected } from './rescue/ladder/ports.js';
import type { QuickConnect } from './accounts/quick-connect-port.js';
import { SignIns } from './sign-in/device-sign-in.js';
import type { MemberPreferences, WrittenAboutOf } from './members/member-preferences.js';
import { Permissions } from './accounts/permissions.js';
import { OutcomeNotifier } from './requests/outcome-notices.js';
import { RequestEndings } from './requests/request-endings.js';
import type { RequestStore } from './requests/request.js';
import type { RequestMessages } from './requests/request-messages.js';
import { Requests } from './requests/requests.js';
import { RescuePasswords } from './rescue/rescue-passwords.js';
import { RescueRights } from './rescue/rescue-rights.js';
import type { RescueStore } from './rescue/rescue-run.js';
import { Rescues, type RescuesDeps } from './rescue/rescues.js';
import { Resets } from './passwords/password-resets.js';
import type { SignInPicture } from './history/sign-in-chart.js';
import type { Services } from './services.js';
import type { Channels, StatusCardStore, StatusCardMessages } from './status-card/status-card.js';
import { StatusCards } from './status-card/status-cards.js';
import { RateLimits, type RateLimitStore } from './requests/rate-limits.js';
import type { TempPasswordStore } from './passwords/temp-password.js';
import { TempPasswordEvidence } from './passwords/temp-password-usage.js';
import { TempPasswordRetirement } from './passwords/temp-password-expiry.js';
import type { PasswordMessages } from './passwords/password-messages.js';
import { TempPasswordWatch } from './passwords/temp-password-watch.js';
import { passwordNoticeKinds } from './passwords/password-messages.js';
import { TempPasswordNotices } from './passwords/temp-password-notices.js';
import { Unlocks } from './unlocks/unlocks.js';
import { Upkeep } from './upkeep.js';
import { jellyfinWithDirectory } from './accounts/jellyfin-with-directory.js';

export interface ServicePorts {
  readonly stores: {
    readonly transaction: Transaction;
    readonly links: LinkStore;
    readonly requests: RequestStore;
    readonly tempPasswords: TempPasswordStore;
    readonly audit: Audit;
    readonly rescues: RescueStore;
    readonly accountWords: AccountNoticeStore;
    readonly history: HistoryStore;
    readonly signInDays: SignInDays;
    readonly statusCards: StatusCardStore;
    readonly forgetMember: (memberId: string, instead: string) => void;
    readonly linkNews: LinkNewsStore;
    readonly notices: NoticeStore;
    readonly linkProofs: LinkProofStore;
    readonly memberPreferences: MemberPreferences;
    readonly paced: RateLimitStore;
  } & LockoutPorts['stores'];
  readonly watch: LockoutPorts['watch'];
  readonly lockoutMessages: LockoutPorts['lockoutMessages'] & AccountNoticeMessages;
  readonly jellyfin: Jellyfin;
  readonly messenger: Messenger;
  readonly members: Members;
  readonly memberSearch: MemberSearch;
  readonly quickConnect: QuickConnect;
  readonly writtenAbout: WrittenAboutOf;
  readonly linkMessages: GreetingMessages & LinkNewsMessages & LinkProofMessages & OwnerNoticeMessages;
  /** Between two looks whether a code was confirmed. */
  readonly proofPollMs?: number | undefined;
  readonly messages: RequestMessages;
  readonly passwordMessages: PasswordMessages;
  readonly rescue: Pick<
    RescuesDeps,
    'messages' | 'repair' | 'db' | 'leavesKey' | 'wait' | 'editEveryMs' | 'answerWithinMs'
  > & {
    /** Climbs with the same memory of accounts as everything else. */
    readonly ladder: (jellyfin: Jellyfin, pinsExpected: PinsExpected) => ReturnType<RescuesDeps['ladder']>;
  };
  /** The server's folder, where it can be watched for PIN files. */
  readonly pins: { readonly folder: PinFolder; readonly messages: PinMessages } | undefined;
  readonly config: {
    readonly discord: { readonly adminChannelId: string };
    readonly selfUnlock: 'ask' | 'allow';
    readonly requestTtlMs: number;
    readonly requestReminderMs: number;
    readonly tempPasswordTtlMs: number;
    readonly historyTtlMs: number;
  };
  readonly picture: SignInPicture;
  readonly statusCards: {
    readonly channels: Channels;
    readonly messages: (
      services: Pick<Services, 'jellyfin' | 'links' | 'requests' | 'tempPasswords'>,
    ) => StatusCardMessages;
  };
  readonly log: Log;
  readonly now: () => number;
  readonly newPassword: () => string;
}

/** Builds the services on their ports; knows none of the libraries behind these. */
export function createServices(ports: ServicePorts) {
  const { messenger, members, messages, config, log, now } = ports;
  const { links, requests: store, tempPasswords, transaction } = ports.stores;
  const { audit } = ports.stores;
  const events = new Events(log);
  const onFailure = (err: unknown) => log.warn({ err }, 'the list of accounts could not be fetched');
  const accounts = new AccountDirectory(ports.jellyfin, { now, onFailure });
  const jellyfin = jellyfinWithDirectory(ports.jellyfin, accounts, (account) => events.emit('accountRead', account));
  const permissions = new Permissions(links, accounts);
  const look = cardLook(accounts, links, log);
  const kept = new KeptMessages(messenger, config.discord.adminChannelId, log);
  const cards = new RequestCards({
    store,
    links,
    kept,
    messages,
    look,
    log,
    adminChannelId: config.discord.adminChannelId,
  });
  const ttlMs = config.tempPasswordTtlMs;
  const logReader = new ActivityLogReader(ports.watch.log);
  const evidence = new TempPasswordEvidence(logReader);
  const outcomes = new OutcomeNotifier(store, messenger, messages);
  const outbox = new Outbox({
    ...{ store: ports.stores.notices, messenger, transaction, log, now },
    adminChannelId: config.discord.adminChannelId,
  });
  const owners = new OwnerNotices({ ...ports.stores, members, outbox, messages: ports.linkMessages });
  outbox.register(ownerNoticeKinds, owners);
  const passwordNotices = { records: tempPasswords, requests: store, links, messages: ports.passwordMessages };
  outbox.register(passwordNoticeKinds, new TempPasswordNotices(passwordNotices));
  const executor = new RequestExecutor({
    ...{ store, links, permissions, cards, outcomes, owners, transaction, audit, log, now },
  });
  const maker = new LinkMaker({ links, requests: store, notices: ports.stores.notices, audit, events, transaction });
  const endings = new RequestEndings({ store, executor, members, transaction, audit, now });
  const requests = new Requests({
    ...{ store, links, jellyfin, permissions, executor, endings, transaction, audit, now },
    linkMaker: maker,
    outbox,
  });
  const passwords = new PasswordDelivery({
    ...{ store, records: tempPasswords, executor, jellyfin, messenger, evidence, ttlMs, log, now },
    messages: ports.passwordMessages,
    newPassword: ports.newPassword,
  });
  const handover = new PasswordHandover({
    ...{ store, records: tempPasswords, links, permissions, delivery: passwords, executor, requests, now },
  });
  const resets = new Resets({
    ...{ store, records: tempPasswords, links, jellyfin, permissions, delivery: passwords, handover, executor },
    ...{ endings, requests, messenger, messages: ports.passwordMessages, events, now },
    hearsElsewhere: (request, memberId) => owners.hearsElsewhere(request, memberId),
  });
  executor.register('reset', resets.kind);
  executor.register('link', linkRequests(executor));
  const rateLimits = new RateLimits(ports.stores.paced, now);
  const tempPasswordWatch = new TempPasswordWatch({
    ...{
      records: tempPasswords,
      requests: store,
      executor,
      passwords,
      evidence,
      jellyfin,
      messenger,
      messages: ports.passwordMessages,
      audit,
      outbox,
      transaction,
      log,
      now,
    },
    retirement: new TempPasswordRetirement(tempPasswords, jellyfin, evidence, now),
  });
  const unlocks = new Unlocks({
    isSelfUnlockAllowed: config.selfUnlock === 'allow',
    ...{
      store,
      links,
      jellyfin,
      permissions,
      requests,
      endings,
      executor,
      rateLimits,
      transaction,
      audit,
      events,
      now,
    },
  });
  executor.register('unlock', unlocks.kind);
  const limits = { remindAfterMs: config.requestReminderMs, expireAfterMs: config.requestTtlMs };
  const notices = new AccountNotices({
    store: ports.stores.accountWords,
    messenger,
    kept,
    messages: ports.lockoutMessages,
    now,
  });
  const pins =
    ports.pins &&
    new PinWatch({
      ...ports.pins,
      notices,
      store: ports.stores.accountWords,
      owners: new PinOwners(accounts, links, members),
      links,
      messenger,
      transaction,
      audit,
      adminChannelId: config.discord.adminChannelId,
      log,
      now,
    });
  const { lockouts, notMe, signOuts } = createLockouts(ports, {
    jellyfin,
    accounts,
    logReader,
    permissions,
    notices,
    kept,
    pins,
    unlocks,
  });
  const linking = createLinking(ports, {
    ...{ accounts, jellyfin, permissions, requests, endings, executor, outbox, owners, events, audit, maker },
    rateLimits,
  });
  const rescues = new Rescues({
    ...ports.rescue,
    kept,
    ladder: () => ports.rescue.ladder(jellyfin, pins ?? nobodyWatches),
    jellyfin,
    store: ports.stores.rescues,
    rights: new RescueRights(links, jellyfin, accounts, members),
    passwords: new RescuePasswords(store, passwords, executor, owners, messenger, ports.rescue.messages, log, now),
    messenger,
    audit,
    adminChannelId: config.discord.adminChannelId,
    log,
    now,
  });
  const history = new History({
    store: ports.stores.history,
    days: ports.stores.signInDays,
    links,
    audit,
    endings,
    rescues: ports.stores.rescues,
    forget: ports.stores.forgetMember,
    keepMs: config.historyTtlMs,
    now,
  });
  const statusCards = new StatusCards({
    store: ports.stores.statusCards,
    messages: ports.statusCards.messages({ jellyfin, links: linking.links, requests, tempPasswords }),
    channels: ports.statusCards.channels,
    messenger,
    kept,
    adminChannelId: config.discord.adminChannelId,
    audit,
    log,
    now,
  });
  events.on('accountOpened', (event) => lockouts.accountOpened(event));
  events.on('ownersChanged', (event) => lockouts.ownersChanged(event));
  events.on('accountRead', (event) => linking.names.accountRead(event));
  const forCommands: Services = {
    accounts,
    picker: new AccountPicker(accounts, links, jellyfin),
    jellyfin,
    links: linking.links,
    linkProofs: linking.proofs,
    signIns: new SignIns(ports.quickConnect, links, jellyfin, rateLimits, audit, now),
    memberPreferences: ports.stores.memberPreferences,
    writtenAbout: ports.writtenAbout,
    memberSearch: ports.memberSearch,
    history,
    members,
    notMe,
    rateLimits,
    permissions,
    picture: ports.picture,
    requests,
    rescues,
    resets,
    signOuts,
    statusCards,
    unlocks,
    passwordHandover: handover,
    passwordMessages: ports.passwordMessages,
    tempPasswords,
    now,
  };
  return {
    forCommands,
    upkeep: new Upkeep({
      ...{ store, executor, handover, passwords, tempPasswords: tempPasswordWatch, cards, transaction, audit, log },
      ...{ limits, now },
    }),
    /** Resolves when no request is being worked on, nobody is being told of a lockout, and no link is being made. */
    idle: async () => {
      await executor.idle();
      await outbox.idle();
      await lockouts.idle();
    },
    linking,
    lockouts,
    outbox,
    rescues,
    pins,
  };
}

const nobodyWatches: PinsExpected = { expect: () => undefined, over: () => undefined };
