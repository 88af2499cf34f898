import { type AccountPorts, type AccountServices, createAccounts } from './accounts/create-accounts.js';
import { AccountDevices } from './devices/account-devices.js';
import { type CausePorts, Causes } from './causes/causes.js';
import { Enabling } from './enabling/enabling.js';
import type { Events } from './events.js';
import { History, type HistoryPorts, type SignInPicture } from './history/history.js';
import { createLinks } from './links/create-links.js';
import type { LinkPorts } from './links/link-ports.js';
import type { Links } from './links/links.js';
import { createLockouts } from './lockouts/create-lockouts.js';
import type { Lockouts } from './lockouts/lockout-watch.js';
import type { LockoutPorts } from './lockouts/lockout.js';
import { LoginPage, type LoginPagePorts } from './login-page/login-page.js';
import type { MemberSearch } from './members/actor.js';
import type { WrittenAboutOf } from './members/member-preferences.js';
import { createNotices, type NoticePorts } from './notices/create-notices.js';
import { createPasswords } from './passwords/create-passwords.js';
import { createPasses } from './passes/create-passes.js';
import type { PassPorts } from './passes/pass.js';
import type { Passes } from './passes/passes.js';
import { OldApps } from './outages/old-apps.js';
import { type OutagePorts, Outages } from './outages/outages.js';
import type { PasswordPorts, TempPasswordStore } from './passwords/temp-password.js';
import { createPins, type PinPorts } from './pins/pin-watch.js';
import { createRequests, type Engine } from './requests/create-requests.js';
import type { RequestPorts } from './requests/request-deps.js';
import type { Requests } from './requests/requests.js';
import type { RescuePorts } from './rescue/rescue-port.js';
import { createRescues } from './rescue/rescues.js';
import { createSignIns, type SignInPorts } from './sign-in/device-sign-in.js';
import { FirstCard } from './status-card/first-card.js';
import { SignInHelp } from './status-card/sign-in-help.js';
import { type StatusCardMessages, type StatusCardPorts, StatusCards } from './status-card/status-cards.js';
import { type UnlockPorts, Unlocks } from './unlocks/unlocks.js';
import { Upkeep, type UpkeepPorts } from './upkeep.js';

export type ServicePorts = AccountPorts &
  CausePorts &
  NoticePorts &
  RequestPorts &
  UnlockPorts &
  PassPorts &
  LoginPagePorts &
  PasswordPorts &
  LinkPorts &
  PinPorts &
  RescuePorts &
  LockoutPorts &
  HistoryPorts &
  SignInPorts &
  StatusCardPorts &
  OutagePorts &
  UpkeepPorts &
  MorePorts;

/** What commands use as it is, and what draws the status card from the services for commands. */
interface MorePorts {
  readonly memberSearch: MemberSearch;
  readonly writtenAbout: WrittenAboutOf;
  readonly picture: SignInPicture;
  /** Also told by the adapter what it reads. */
  readonly events: Events;
  readonly statusCards: { readonly messages: (services: ShownOnStatusCards) => StatusCardMessages };
}

/** The services that a status card shows. */
export interface ShownOnStatusCards extends Pick<AccountServices, 'accounts' | 'jellyfin'> {
  readonly links: Links;
  readonly passes: Passes;
  readonly requests: Requests;
  readonly tempPasswords: TempPasswordStore;
}

/** Builds the services on their ports, each on those before it; knows none of the libraries behind the ports. */
export function createServices(ports: ServicePorts) {
  const accounts = { ...ports, ...createAccounts(ports) };
  const basic = { ...accounts, ...createNotices(ports) };
  const causes = new Causes(ports);
  const engine = { ...basic, ...createRequests(basic) };
  const unlocks = new Unlocks(engine);
  engine.executor.register('unlock', unlocks);
  const { passes, passEnds } = createPasses(engine);
  const enabling = new Enabling(engine);
  engine.executor.register('enable', enabling);
  const passwords = createPasswords({ ...engine, causes });
  const linking = createLinks(engine);
  const signIns = createSignIns(engine);
  const pins = createPins(basic);
  const outages = new Outages(basic);
  const { rescues, rescueRights } = createRescues({ ...engine, ...passwords, pins, unlocks });
  const { lockouts, denials, notMe } = createLockouts({ ...engine, pins, unlocks });

  const { members, memberSearch, writtenAbout, picture, passwordMessages, now } = ports;
  const { memberPreferences, tempPasswords, lockouts: lockoutStore } = ports.stores;
  const { links, proofs: linkProofs } = linking;
  const statusCardMessages = ports.statusCards.messages({ ...engine, links, passes, tempPasswords });
  const withCards = { ...engine, statusCardMessages };
  const firstCard = new FirstCard(withCards);
  engine.outbox.register(['firstCard'], firstCard);
  const oldApps = new OldApps(basic);
  engine.outbox.register(['oldApps'], oldApps);
  const { picker, jellyfin, permissions, requests, executor, outbox, ownership } = engine;
  const { resets, passwordHandover } = passwords;
  const forCommands = {
    ...{ members, memberSearch, memberPreferences, writtenAbout, picture, tempPasswords, passwordMessages, now },
    ...{ picker, ownership, accounts: engine.accounts, jellyfin, permissions, requests, links, linkProofs, unlocks },
    ...{ resets, passwordHandover, passes, passEnds, enabling, causes, signIns, rescues, denials, notMe },
    ...{ rescueRights, outages, oldApps, lockouts: lockoutStore },
    devices: new AccountDevices(accounts),
    loginPage: new LoginPage(ports),
    history: new History(engine),
    statusCards: new StatusCards(withCards),
    signInHelp: new SignInHelp({ ...engine, audit: ports.stores.audit, messages: statusCardMessages }),
  };
  subscribe(ports, { engine, linking, lockouts });
  return {
    forCommands,
    upkeep: new Upkeep({ ...engine, ...passwords }),
    /** Resolves when no request is being worked on, nobody is being told of a lockout, and no link is being made. */
    idle: async () => {
      await executor.idle();
      await outbox.idle();
      await lockouts.idle();
    },
    ...{ firstCard, linking, lockouts, outbox, passEnds, rescues, pins },
  };
}

interface Listeners {
  readonly engine: Pick<Engine, 'accounts' | 'adminChannel' | 'ownership'>;
  readonly linking: Pick<ReturnType<typeof createLinks>, 'follow'>;
  readonly lockouts: Lockouts;
}

/** Says who hears of which event; called last, when all who listen are made. */
function subscribe({ events, stores }: ServicePorts, { engine, linking, lockouts }: Listeners): void {
  const { accounts, adminChannel, ownership } = engine;
  const { follow } = linking;
  events.on('adminChannelRead', adminChannel.onRead);
  events.on('accountOpened', lockouts.accountOpened);
  events.on('ownersChanged', lockouts.ownersChanged);
  events.on('signedOutEverywhere', lockouts.signedOutEverywhere);
  // First: nobody is to see an account before it is known whose it is.
  events.on('accountRead', ownership.onAccountRead);
  events.on('accountsListed', ownership.onAccountsListed);
  events.on('memberRead', ownership.onMemberRead);
  events.on('accountRead', accounts.onAccountRead);
  events.on('accountRead', follow.onAccountRead);
  events.on('memberRead', ({ id: memberId, ...member }) => stores.memberNames.remember({ ...member, memberId }));
  events.on('memberRead', follow.onMemberRead);
  events.on('memberGone', follow.onMemberGone);
  events.on('linkTurned', follow.onLinkTurned);
}

/** Everything a command may ask for; each names in its factory the few it uses. */
export type Services = ReturnType<typeof createServices>['forCommands'];
