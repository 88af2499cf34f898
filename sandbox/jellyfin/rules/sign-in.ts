import { dbDateMs, toDbDate } from '../store/formats.js';
import { passwordFits } from '../store/password-hash.js';
import { disabled, isOwnProvider, may, remoteAccess, type ServerUser } from '../store/server-user.js';
import type { World } from '../world.js';
import { scheduleAllows } from './access-schedule.js';

/** Where a call comes from, as far as the server can tell. */
interface Origin {
  readonly ip: string;
  readonly isLocal: boolean;
}

/** What a try came to; `refused` is the 403 that has one face for locked, disabled, out of hours and no remote access. */
type Try = 'right' | 'wrong' | 'refused';

const userManager = 'Jellyfin.Server.Implementations.Users.UserManager';
const staleAfterMs = 60_000;

/** Checks a password the way the server does, counting and locking; `isSession` when somebody signs in with it. */
export function tryPassword(world: World, user: ServerUser, password: string, from: Origin, isSession: boolean): Try {
  const fits = isOwnProvider(user.authenticationProviderId) && passwordFits(password, user.passwordHash);
  const says = (outcome: string) => {
    if (isSession) world.log.add('INF', userManager, `Authentication request for "${user.name}" ${outcome}`);
  };
  const ip = `(IP: "${from.ip}").`;
  if (!isOwnProvider(user.authenticationProviderId) && isSession) {
    const said = `User "${user.name}" was found with invalid/missing Authentication Provider "${user.authenticationProviderId}".`;
    world.log.add('WRN', userManager, `${said} Assigning user to InvalidAuthProvider until this is corrected`);
  }
  if (may(user, disabled)) {
    says(`has been denied because this account is currently disabled ${ip}`);
    return 'refused';
  }
  if (!may(user, remoteAccess) && !from.isLocal) {
    says(`forbidden: remote access disabled and user not in local network ${ip}`);
    return 'refused';
  }
  if (!scheduleAllows(user.schedules, world.now(), world.settings.utcOffsetMinutes)) {
    says(`is not allowed at this time due parental restrictions ${ip}`);
    return 'refused';
  }
  if (!fits) {
    says(`has been denied ${ip}`);
    countFailure(world, user);
    return 'wrong';
  }
  says('has succeeded.');
  succeed(world, user, isSession);
  return 'right';
}

function succeed(world: World, user: ServerUser, isSession: boolean): void {
  const now = toDbDate(world.now());
  // The session's own note of the activity comes a moment later; where the server saves it from a copy that was read
  // before the count went to 0, that copy wins, and only after a quiet minute is there anything to note.
  if (isSession && world.traits.losesTheReset && isQuiet(world, user)) {
    user.lastActivity = now;
  } else {
    user.failedSignIns = 0;
    if (isSession) {
      user.lastSignIn = now;
      user.lastActivity = now;
    }
  }
  world.users.save(user);
}

function isQuiet(world: World, user: ServerUser): boolean {
  return user.lastActivity === null || world.now().getTime() - dbDateMs(user.lastActivity) > staleAfterMs;
}

/** Notes that a session was active, which a server does once a minute at most. */
export function noteActivity(world: World, user: ServerUser): void {
  if (!isQuiet(world, user)) return;
  user.lastActivity = toDbDate(world.now());
  world.users.save(user);
}

function countFailure(world: World, user: ServerUser): void {
  user.failedSignIns += 1;
  const limit = user.signInLimit;
  if (limit !== null && user.failedSignIns >= limit) {
    world.activity.add('UserLockedOut', `User ${user.name} has been locked out`, user.id);
    if (world.traits.lock !== 'never') user.permissions[disabled] = true;
    if (world.traits.countsTheLockingTryTwice) user.failedSignIns += 1;
  }
  world.users.save(user);
}
