import { join } from 'node:path';
import { json, noContent, type Answer } from '../http/answers.js';
import type { Call } from '../http/call.js';
import { route } from '../http/router.js';
import type { World } from '../world.js';

const paths = {
  WebPath: '/usr/lib/jellyfin/jellyfin-web',
  CachePath: '/var/cache/jellyfin',
  TranscodingTempPath: '/var/cache/jellyfin/transcodes',
};

export const systemRoutes = [
  route('GET', '/System/Info/Public', 'everyone', ({ world }) => json(publicInfo(world))),
  route('GET', '/System/Info', 'signedIn', info),
  route('GET', '/System/Ping', 'everyone', () => json('Jellyfin Server')),
  route('POST', '/System/Ping', 'everyone', () => json('Jellyfin Server')),
  route('GET', '/health', 'everyone', () => ({ status: 200, contentType: 'text/plain', body: 'Healthy' })),
  route('GET', '/web/', 'everyone', () => ({
    status: 200,
    contentType: 'text/html',
    body: '<!DOCTYPE html><title>Jellyfin</title>',
  })),
  route('GET', '/System/Configuration', 'signedIn', ({ world }) => json(world.settings.configuration)),
  route('POST', '/System/Configuration', 'administrator', configure),
];

export function publicInfo(world: World) {
  return {
    LocalAddress: world.address(),
    ServerName: world.settings.serverName,
    Version: world.reportedVersion,
    ProductName: 'Jellyfin Server',
    OperatingSystem: '',
    Id: world.settings.serverId,
    StartupWizardCompleted: world.settings.wizardCompleted,
  };
}

function info({ world }: Call): Answer {
  const { ProductName, StartupWizardCompleted, ...common } = publicInfo(world);
  return json({
    OperatingSystemDisplayName: '',
    HasPendingRestart: false,
    IsShuttingDown: false,
    SupportsLibraryMonitor: true,
    WebSocketPortNumber: Number(new URL(world.address()).port),
    CompletedInstallations: [],
    CanSelfRestart: true,
    CanLaunchWebBrowser: false,
    ProgramDataPath: world.serverDir,
    ItemsByNamePath: join(world.serverDir, 'metadata'),
    LogPath: join(world.serverDir, 'log'),
    InternalMetadataPath: join(world.serverDir, 'metadata'),
    ...paths,
    CastReceiverApplications: [
      { Id: 'F007D354', Name: 'Stable' },
      { Id: '6F511C87', Name: 'Unstable' },
    ],
    HasUpdateAvailable: false,
    EncoderLocation: 'System',
    SystemArchitecture: 'X64',
    ...common,
    ...(world.traits.is1010 ? {} : { ProductName, StartupWizardCompleted }),
  });
}

function configure(call: Call): Answer {
  Object.assign(call.world.settings.configuration, JSON.parse(call.body));
  return noContent;
}
