import { createRequire } from 'node:module';
import type { Log } from '../services/log.js';
import type { SignInPicture } from '../services/history/history.js';
import { signInSvg } from './sign-in-svg.js';

const require = createRequire(import.meta.url);
/** Of this project, not of the machine: a container has no fonts. */
const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/** Letters that these fonts have not. Boxes would stand in their place; the words stand in the picture's. */
const unknownLetters =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Devanagari}]/u;

/** Draws with resvg, which works on a thread of its own; it is loaded when the first picture is asked for. */
export function createSignInPicture(
  log: Pick<Log, 'warn'>,
  load: () => Promise<Pick<typeof import('@resvg/resvg-js'), 'renderAsync'>> = () => import('@resvg/resvg-js'),
): SignInPicture {
  return {
    draw: async (days, words) => {
      if (unknownLetters.test(`${words.title}${words.failed}`)) return undefined;
      try {
        const { renderAsync } = await load();
        const fontFiles = fonts.map((font) => require.resolve(`dejavu-fonts-ttf/ttf/${font}`));
        const image = await renderAsync(signInSvg(days, words), {
          font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
          fitTo: { mode: 'zoom', value: 1.5 },
        });
        return image.asPng();
      } catch (err) {
        // Its binary is not made for every machine, and what the history says is worth more than its picture.
        log.warn({ err }, 'the picture of sign-ins could not be drawn');
        return undefined;
      }
    },
  };
}
