import { createRequire } from 'node:module';
import type { SignInPicture } from '../services/sign-in-picture.js';
import { signInSvg } from './sign-in-svg.js';

const require = createRequire(import.meta.url);
/** Of this project, not of the machine: a container has no fonts. */
const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/** Draws with resvg, which works on a thread of its own; it is loaded when the first picture is asked for. */
export function createSignInPicture(): SignInPicture {
  return {
    draw: async (days, words) => {
      const { renderAsync } = await import('@resvg/resvg-js');
      const fontFiles = fonts.map((font) => require.resolve(`dejavu-fonts-ttf/ttf/${font}`));
      const image = await renderAsync(signInSvg(days, words), {
        font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
        fitTo: { mode: 'zoom', value: 1.5 },
      });
      return image.asPng();
    },
  };
}
