import { empty, failure, json, noContent, type Answer } from '../http/answers.js';
import { field, objectBody } from '../http/body.js';
import type { Call } from '../http/call.js';
import { route } from '../http/router.js';
import type { Branding, ServerSettings } from '../world.js';

export const brandingRoutes = [
  route('GET', '/Branding/Configuration', 'everyone', ({ world }) => json(shown(world.settings.branding))),
  route('GET', '/System/Configuration/:key', 'signedIn', ({ world, params }) =>
    isBranding(params) ? json(shown(world.settings.branding)) : empty(404),
  ),
  route('POST', '/System/Configuration/:key', 'administrator', write),
];

const isBranding = ({ key }: Call['params']) => key?.toLowerCase() === 'branding';

/** Replaces the whole: what is left out is gone. 10.10 knows key and fields in one spelling only, and says nothing of others. */
function write(call: Call): Answer {
  if (!isBranding(call.params)) return empty(404);
  const { settings, traits } = call.world;
  if (traits.is1010 && call.params.key !== 'branding') return noContent;
  const body = objectBody(call, 'configuration');
  if ('refusal' in body) return body.refusal;
  const read = (name: string) => (traits.is1010 ? body.value[name] : field(body.value, name));
  const [LoginDisclaimer, CustomCss] = [read('LoginDisclaimer'), read('CustomCss')];
  if (typeof LoginDisclaimer === 'object' && LoginDisclaimer !== null) return failure(500);
  settings.branding = {
    LoginDisclaimer: textOrNull(LoginDisclaimer),
    CustomCss: textOrNull(CustomCss),
    SplashscreenEnabled: read('SplashscreenEnabled') === true,
  };
  return noContent;
}

const textOrNull = (value: unknown) => (value === undefined || value === null ? null : `${value as string | number}`);

/** Fields that are null are left out. */
function shown({ LoginDisclaimer, CustomCss, SplashscreenEnabled }: Branding): object {
  return {
    ...(LoginDisclaimer === null ? {} : { LoginDisclaimer }),
    ...(CustomCss === null ? {} : { CustomCss }),
    SplashscreenEnabled,
  };
}

/** The file is XML: with a control character in it, it cannot be read at the next start, and all of it is lost. */
export function brandingAfterRestart({ branding }: ServerSettings): Branding {
  const text = `${branding.LoginDisclaimer ?? ''}${branding.CustomCss ?? ''}`;
  return [...text].some((each) => each < ' ' && !'\t\n\r'.includes(each)) ? noBranding : branding;
}

export const noBranding: Branding = { LoginDisclaimer: null, CustomCss: null, SplashscreenEnabled: false };
