import { json, noContent, type Answer } from '../http/answers.js';
import { objectBody, textField } from '../http/body.js';
import type { Call } from '../http/call.js';
import { route } from '../http/router.js';
import { firstAdministrator } from '../rules/first-administrator.js';
import { changePassword } from '../rules/passwords.js';

/** The wizard of a new server. */
export const startupRoutes = [
  route('GET', '/Startup/Configuration', 'wizard', configuration),
  route('POST', '/Startup/Configuration', 'wizard', configure),
  route('GET', '/Startup/User', 'wizard', ({ world }) => json({ Name: firstAdministrator(world).name })),
  route('POST', '/Startup/User', 'wizard', setUser),
  route('POST', '/Startup/RemoteAccess', 'wizard', () => noContent),
  route('POST', '/Startup/Complete', 'wizard', ({ world }) => {
    world.settings.wizardCompleted = true;
    world.settings.configuration.IsStartupWizardCompleted = true;
    return noContent;
  }),
];

function configuration({ world }: Call): Answer {
  const { UICulture, MetadataCountryCode, PreferredMetadataLanguage } = world.settings.configuration;
  const languages = { UICulture, MetadataCountryCode, PreferredMetadataLanguage };
  return json(world.traits.is1010 ? languages : { ServerName: '', ...languages });
}

/** 10.10 does not ask for the server's name. */
function configure(call: Call): Answer {
  const body = objectBody(call, 'startupConfiguration');
  if ('refusal' in body) return body.refusal;
  const name = textField(body.value, 'ServerName');
  if (!call.world.traits.is1010 && name) {
    call.world.settings.serverName = name;
    call.world.settings.configuration.ServerName = name;
  }
  return noContent;
}

function setUser(call: Call): Answer {
  const body = objectBody(call, 'startupUserDto');
  if ('refusal' in body) return body.refusal;
  const user = firstAdministrator(call.world);
  user.name = textField(body.value, 'Name') ?? user.name;
  changePassword(call.world, user, textField(body.value, 'Password') ?? '');
  return noContent;
}
