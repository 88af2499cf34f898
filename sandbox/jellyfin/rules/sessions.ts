import { toApiDate, toApiId, toDbDate } from '../store/formats.js';
import type { ClientInfo, ServerDevice } from '../store/devices.js';
import type { ServerUser } from '../store/server-user.js';
import { stableId, type World } from '../world.js';

/** Opens a session for a device and answers what a sign-in answers, but for the user. */
export function openSession(world: World, user: ServerUser, client: ClientInfo, ip: string) {
  const isNew = !world.devices.all().some((device) => isSame(device, user, client));
  const token = world.devices.signIn(user.id, client, world.now());
  const overview = `IP address: ${ip}`;
  if (isNew)
    world.activity.add('SessionStarted', `${user.name} is online from ${client.deviceName}`, user.id, overview);
  world.activity.add('AuthenticationSucceeded', `${user.name} successfully authenticated`, user.id, overview);
  const session = sessionAnswer(
    world,
    user,
    { ...client, userId: user.id, token, lastActivity: toDbDate(world.now()), name: client.deviceName },
    ip,
  );
  return { SessionInfo: session, AccessToken: token, ServerId: world.settings.serverId };
}

function isSame(device: ServerDevice, user: ServerUser, client: ClientInfo): boolean {
  return device.userId === user.id && device.deviceId === client.deviceId;
}

/** Signs all devices of a user out, but the one with this token. */
export function endSessions(world: World, user: ServerUser, exceptToken: string): void {
  for (const device of world.devices.revokeAll(user.id, exceptToken)) {
    world.activity.add(
      'SessionEnded',
      `${user.name} has disconnected from ${device.name}`,
      user.id,
      'IP address: 127.0.0.1',
    );
  }
}

/** A device's session as `GET /Sessions` shows it. */
export function sessionAnswer(world: World, user: ServerUser, device: ServerDevice, ip: string): object {
  return {
    PlayState: { CanSeek: false, IsPaused: false, IsMuted: false, RepeatMode: 'RepeatNone', PlaybackOrder: 'Default' },
    AdditionalUsers: [],
    Capabilities: capabilities,
    ...(ip === '' ? {} : { RemoteEndPoint: ip }),
    PlayableMediaTypes: [],
    Id: stableId(`${device.app} ${device.deviceId} ${device.userId}`),
    UserId: toApiId(device.userId),
    UserName: user.name,
    Client: device.app,
    LastActivityDate: toApiDate(device.lastActivity),
    LastPlaybackCheckIn: '0001-01-01T00:00:00.0000000Z',
    DeviceName: device.name,
    DeviceId: device.deviceId,
    ApplicationVersion: device.appVersion,
    IsActive: true,
    SupportsMediaControl: false,
    SupportsRemoteControl: false,
    NowPlayingQueue: [],
    NowPlayingQueueFullItems: [],
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
