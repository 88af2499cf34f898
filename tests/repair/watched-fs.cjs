/**
 * Preloaded into a repair: writes down which files it makes, syncs and names, in the order in which that is done, and lets
 * one such call fail or stand still. WATCHED is JSON, `{ notes, at?: { call, file, when, then } }`. What SQLite does by
 * itself is seen by strace only.
 */
const fs = require('node:fs');

const { notes, at } = JSON.parse(process.env.WATCHED);
const { appendFileSync, readlinkSync } = fs;
let met = 0;

function comesTo(call, file) {
  if (call !== at?.call || !file.endsWith(at.file)) return;
  met += 1;
  if (met !== at.when) return;
  if (at.then === 'SIGSTOP') process.kill(process.pid, 'SIGSTOP');
  else throw Object.assign(new Error(`${at.then}: injected`), { code: at.then });
}

/** `file` finds the file in its arguments; what is not to be noted may be come to all the same. */
function watch(name, call, file, isNoted = () => true) {
  const real = fs[name];
  fs[name] = (...given) => {
    comesTo(call, file(given));
    const note = () => isNoted(given) && appendFileSync(notes, `${call} ${file(given)}\n`);
    const done = given.at(-1);
    if (typeof done !== 'function') {
      const result = real(...given);
      note();
      return result;
    }
    const noted = (...result) => {
      note();
      done(...result);
    };
    // Slow enough for a rename to come before it, if it were let.
    setTimeout(() => real(...given.slice(0, -1), noted), 20);
  };
}

const ofDescriptor = ([descriptor]) => readlinkSync(`/proc/self/fd/${descriptor}`);
watch('fsyncSync', 'sync', ofDescriptor);
watch('fsync', 'sync', ofDescriptor);
watch('renameSync', 'name', ([, to]) => to);
watch('linkSync', 'name', ([, to]) => to);
watch(
  'openSync',
  'make',
  ([path]) => path,
  ([, flags]) => flags === 'wx',
);
