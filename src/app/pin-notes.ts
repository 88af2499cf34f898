import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { asOwner } from '../as-owner.js';
import { writePrivateFile } from '../env-file.js';
import { nameKey } from '../identifiers.js';
import type { Log } from '../services/log.js';
import type { PinNotes } from '../services/rescue/ladder/ports.js';
import { readAsChooser } from '../small-file.js';
import { workerOn } from '../way-to.js';
import { tried } from '../tried.js';

/** Names in a file beside the bot's database, where there need not be one: the command line reads and writes it, too. */
export function createPinNotes(database: string, log: Log): PinNotes {
  const file = join(dirname(database), 'pins-as-passwords.json');
  // No file, or none that can be read: nothing is known.
  const read = () => tried(() => v.parse(v.array(v.string()), JSON.parse(readAsChooser(file).text))) ?? [];
  const note = (name: string, isPin: boolean) => {
    const before = read();
    const others = before.filter((each) => each !== nameKey(name));
    const after = isPin ? [...others, nameKey(name)] : others;
    if (after.length === before.length) return;
    try {
      // Root writes it for the bot's user.
      asOwner(workerOn(file), () => {
        if (after.length > 0) writePrivateFile(file, JSON.stringify(after));
        else rmSync(file);
      });
    } catch (err) {
      log.warn({ err }, 'whether a PIN is the password of an account could not be written down');
    }
  };
  return {
    has: (name) => read().includes(nameKey(name)),
    add: (name) => note(name, true),
    remove: (name) => note(name, false),
  };
}
