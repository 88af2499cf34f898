import { resolve } from 'node:path';
import { setStage } from '../../demo/stage.js';
import { Teardown } from '../../demo/teardown.js';
import { terminalSvg } from './terminal.js';

const title =
  'A terminal: npm run latchkey -- rescue root --dry-run says what is the matter and what can be done, and changes nothing';

/** What the rescue says on the server's own command line, as a picture; folder and commands are named as on Debian. */
export async function rescuePicture(program: string): Promise<string> {
  const down = new Teardown();
  try {
    const stage = await setStage({ version: '12.0', program: resolve(program) }, down);
    for (const password of ['one', 'two', 'three']) await stage.jellyfin.signIn('root', password);
    const printed = await stage.latchkey(['rescue', 'root', '--dry-run']);
    // The clock of a demo begins at another hour.
    const shown = printed
      .replace(/^.*clock and mine are.*\n/m, '')
      .replace(
        /I stop it with: .* and start it with: .*$/m,
        'I stop it with: systemctl stop jellyfin and start it with: systemctl start jellyfin',
      )
      .replaceAll(stage.jellyfin.process.dir, '/var/lib/jellyfin')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:8096');
    return terminalSvg(title, 'npm run latchkey -- rescue root --dry-run', shown);
  } finally {
    await down.run();
  }
}
