import { json, noContent, type Answer } from '../http/answers.js';
import type { Call } from '../http/call.js';
import { route } from '../http/router.js';
import type { World } from '../world.js';

/** Reported as on a Debian package, whatever folder the stand-in really uses. */
const paths = {
  ProgramDataPath: '/var/lib/jellyfin',
  WebPath: '/usr/lib/jellyfin/jellyfin-web',
  ItemsByNamePath: '/var/lib/jellyfin/metadata',
  CachePath: '/var/cache/jellyfin',
  LogPath: '/var/log/jellyfin',
  InternalMetadataPath: '/var/lib/jellyfin/metadata',
  TranscodingTempPath: '/var/cache/jellyfin/transcodes',
};

export const systemRoutes = [
  route('GET', '/System/Info/Public', 'everyone', ({ world }) => json(publicInfo(world))),
  route('GET', '/System/Info', 'administrator', info),
  route('GET', '/System/Ping', 'everyone', () => json('Jellyfin Server')),
  route('POST', '/System/Ping', 'everyone', () => json('Jellyfin Server')),
  route('GET', '/health', 'everyone', () => ({ status: 200, contentType: 'text/plain', body: 'Healthy' })),
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
