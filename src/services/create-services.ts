import { type AccountPorts, createAccounts } from './accounts/create-accounts.js';
import { AccountDevices, type DevicePorts } from './devices/account-devices.js';
import { type CausePorts, Causes } from './causes/causes.js';
import { Enabling, type EnablingPorts } from './enabling/enabling.js';
import type { Events } from './events.js';
import { History, type HistoryPorts } from './history/history.js';
import { createLinks, createOwnerNotices, type LinkPorts } from './links/create-links.js';
import { createLockouts } from './lockouts/create-lockouts.js';
import type { LockoutPorts } from './lockouts/lockout.js';
import { LoginPage, type LoginPagePorts } from './login-page/login-page.js';
import { createNotices, type NoticePorts } from './notices/create-notices.js';
import { createPasswords } from './passwords/create-passwords.js';
import { createPasses, type PassPorts } from './passes/create-passes.js';
import { OldApps } from './outages/old-apps.js';
import { type OutagePorts, Outages } from './outages/outages.js';
import type { PasswordPorts } from './passwords/temp-password.js';
import { createPins, type PinPorts } from './pins/pin-watch.js';
import { createRequests, type RequestPorts } from './requests/create-requests.js';
import type { RescuePorts } from './rescue/rescue-port.js';
import { createRescues } from './rescue/rescues.js';
import type { PortsForCommands, Services, ShownOnStatusCards } from './services.js';
import { createSignIns, type SignInPorts } from './sign-in/device-sign-in.js';
import { FirstCard } from './status-card/first-card.js';
import { SignInHelp } from './status-card/sign-in-help.js';
import type { StatusCardMessages } from './status-card/status-card.js';
import { StatusCards, type StatusCardPorts } from './status-card/status-cards.js';
import { type UnlockPorts, Unlocks } from './unlocks/unlocks.js';
import { Upkeep, type UpkeepPorts } from './upkeep.js';

export type ServicePorts = AccountPorts &
  CausePorts &
  EnablingPorts &
  NoticePorts &
  RequestPorts &
  UnlockPorts &
  DevicePorts &
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
  PortsForCommands & {
    /** Also told by the adapter what it reads. */
    readonly events: Events;
    readonly statusCards: { readonly messages: (services: ShownOnStatusCards) => StatusCardMessages };
  };

/** Builds the services on their ports, each on those before it; knows none of the libraries behind the ports. */
export function createServices(ports: ServicePorts) {
  const { events } = ports;
  const accounts = createAccounts(ports);
  const causes = new Causes(ports);
  const notices = createNotices(ports);
  const owners = createOwnerNotices(ports, { ...accounts, ...notices });
  const basic = { events, owners, ...notices, ...accounts };
  const engine = { ...basic, ...createRequests(ports, basic) };
  const unlocks = new Unlocks({ ...ports, ...engine });
  engine.executor.register('unlock', unlocks);
  const { passes, passEnds } = createPasses(ports, engine);
  const enabling = new Enabling({ ...ports, ...engine });
  engine.executor.register('enable', enabling);
  const passwords = createPasswords(ports, { ...engine, causes });
  const linking = createLinks(ports, engine);
  const signIns = createSignIns(ports, engine);
  const pins = createPins(ports, basic);
  const outages = new Outages({ ...ports, ...basic });
  const rescues = createRescues(ports, { ...engine, ...passwords, pins, unlocks });
  const { lockouts, denials, notMe } = createLockouts(ports, { ...engine, pins, unlocks });
  const { executor, outbox } = engine;

  events.on('adminChannelRead', notices.adminChannel.onRead);
  events.on('accountOpened', lockouts.accountOpened);
  events.on('ownersChanged', lockouts.ownersChanged);
  events.on('signedOutEverywhere', lockouts.signedOutEverywhere);
  // First: nobody is to see an account before it is known whose it is.
  events.on('accountRead', basic.ownership.onAccountRead);
  events.on('accountsListed', basic.ownership.onAccountsListed);
  events.on('memberRead', basic.ownership.onMemberRead);
  events.on('accountRead', basic.accounts.onAccountRead);
  events.on('accountRead', linking.follow.onAccountRead);
  events.on('passwordReplaced', ({ accountId }) => basic.ownership.suspendSignIns(accountId));
  events.on('memberRead', ({ id: memberId, ...member }) => ports.stores.memberNames.remember({ ...member, memberId }));
  events.on('memberRead', linking.follow.onMemberRead);
  events.on('linkTurned', linking.follow.onLinkTurned);

  const { members, memberSearch, writtenAbout, picture, passwordMessages, now } = ports;
  const { memberPreferences, tempPasswords } = ports.stores;
  const { links, proofs: linkProofs } = linking;
  const statusCardMessages = ports.statusCards.messages({ ...engine, links, passes, tempPasswords });
  const firstCard = new FirstCard({ links: ports.stores.links, outbox, messages: statusCardMessages });
  outbox.register(['firstCard'], firstCard);
  const { outageMessages: messages, signInRules, log } = ports;
  const oldApps = new OldApps({ ...{ signInRules, messages, log, now }, links: ports.stores.links, outbox });
  outbox.register(['oldApps'], oldApps);
  const forCommands: Services = {
    ...{ members, memberSearch, memberPreferences, writtenAbout, picture, tempPasswords, passwordMessages, now },
    ...{ ...engine, ...passwords, links, linkProofs, unlocks, passes, passEnds, rescues, denials, notMe },
    devices: new AccountDevices({ ...ports, ...basic }),
    loginPage: new LoginPage(ports),
    history: new History({ ...ports, ...engine }),
    signIns,
    ...{ outages, oldApps },
    ...{ causes, enabling },
    lockouts: ports.stores.lockouts,
    rescueRights: rescues.rights,
    statusCards: new StatusCards(ports, engine.kept, statusCardMessages),
    signInHelp: new SignInHelp({ ...ports, audit: ports.stores.audit, messages: statusCardMessages }),
  };
  return {
    forCommands,
    upkeep: new Upkeep({ ...ports, ...engine, ...passwords }),
    /** Resolves when no request is being worked on, nobody is being told of a lockout, and no link is being made. */
    idle: async () => {
      await executor.idle();
      await outbox.idle();
      await lockouts.idle();
    },
    ...{ firstCard, linking, lockouts, outbox, passEnds, rescues, pins },
  };
}
