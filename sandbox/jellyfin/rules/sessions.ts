import type { ClientInfo, ServerDevice } from '../store/devices.js';
import { toApiDate, toApiId, toDbDate } from '../store/formats.js';
import { may, type ServerUser } from '../store/server-user.js';
import { permissionKinds, preferenceKinds } from './policy-fields.js';
import { stableId } from '../stable-id.js';
import type { ServerSession, World } from '../world.js';

/** Opens a session for a device and answers what a sign-in answers, but for the user; an earlier one there ends. */
export function openSession(world: World, user: ServerUser, client: ClientInfo, ip: string) {
  const overview = `IP address: ${ip}`;
  const known = world.devices.all().find((device) => device.userId === user.id && device.deviceId === client.deviceId);
  if (known) logEnd(world, user, known.name);
  const token = world.devices.signIn(user.id, client, world.now());
  const session = { user, client, ip, lastActivity: toDbDate(world.now()) };
  world.sessions.set(sessionKey(user.id, client.deviceId), session);
  world.activity.add('SessionStarted', `${user.name} is online from ${client.deviceName}`, user.id, overview);
  world.activity.add('AuthenticationSucceeded', `${user.name} successfully authenticated`, user.id, overview);
  return { SessionInfo: sessionAnswer(world, session), AccessToken: token, ServerId: world.settings.serverId };
}

/** Why an account gets no session on a device, whatever it proves who it is with; undefined where it gets one. */
export function sessionRefusal(world: World, user: ServerUser, client: ClientInfo): 'device' | 'sessions' | undefined {
  const listed = (user.preferences[preferenceKinds.EnabledDevices] ?? '').toLowerCase().split('|');
  const isFree = may(user, permissionKinds.EnableAllDevices) || may(user, permissionKinds.IsAdministrator);
  if (!isFree && !listed.includes(client.deviceId.toLowerCase())) return 'device';
  const most = user.maxActiveSessions;
  return most > 0 && sessionsOf(world, user) >= most ? 'sessions' : undefined;
}

/** How many sessions count against an account's limit; one of the very device that asks is among them. */
export function sessionsOf(world: World, user: ServerUser): number {
  return [...world.sessions.values()].filter((session) => session.user.id === user.id).length;
}

/** Signs all devices of a user out, but the one with this token. */
export function endSessions(world: World, user: ServerUser, exceptToken: string): void {
  for (const device of world.devices.revokeAll(user.id, exceptToken)) {
    world.sessions.delete(sessionKey(user.id, device.deviceId));
    logEnd(world, user, device.name);
  }
}

/** Signs out everybody on one device; false when nobody is. */
export function endDevice(world: World, deviceId: string): boolean {
  const gone = world.devices.revokeDevice(deviceId);
  for (const device of gone) {
    world.sessions.delete(sessionKey(device.userId, deviceId));
    const user = world.users.byId(device.userId);
    if (user) logEnd(world, user, device.name);
  }
  return gone.length > 0;
}

/** Signs out one account on one device; others stay signed in there. */
export function endToken(world: World, { userId, deviceId, name, token }: ServerDevice): void {
  world.devices.revokeToken(token);
  world.sessions.delete(sessionKey(userId, deviceId));
  const user = world.users.byId(userId);
  if (user) logEnd(world, user, name);
}

export function sessionKey(userId: string, deviceId: string): string {
  return `${userId} ${deviceId}`;
}

function logEnd(world: World, user: ServerUser, device: string): void {
  world.activity.add('SessionEnded', `${user.name} has disconnected from ${device}`, user.id, 'IP address: 127.0.0.1');
}

/** A session as `GET /Sessions` shows it. */
export function sessionAnswer(world: World, session: ServerSession): object {
  const { client } = session;
  return {
    PlayState: { CanSeek: false, IsPaused: false, IsMuted: false, RepeatMode: 'RepeatNone', PlaybackOrder: 'Default' },
    AdditionalUsers: [],
    Capabilities: capabilities,
    ...(session.ip === '' ? {} : { RemoteEndPoint: session.ip }),
    PlayableMediaTypes: [],
    Id: stableId(`${client.app} ${client.deviceId} ${session.user.id}`),
    UserId: toApiId(session.user.id),
    UserName: session.user.name,
    Client: client.app,
    LastActivityDate: toApiDate(session.lastActivity),
    LastPlaybackCheckIn: '0001-01-01T00:00:00.0000000Z',
    DeviceName: client.deviceName,
    DeviceId: client.deviceId,
    ApplicationVersion: client.appVersion,
    IsActive: true,
    SupportsMediaControl: false,
    SupportsRemoteControl: false,
    NowPlayingQueue: [],
    ...(world.traits.is12 ? {} : { NowPlayingQueueFullItems: [] }),
    HasCustomDeviceName: false,
    ServerId: world.settings.serverId,
    SupportedCommands: [],
  };
}

export const capabilities = {
  PlayableMediaTypes: [],
  SupportedCommands: [],
  SupportsMediaControl: false,
  SupportsPersistentIdentifier: true,
};
