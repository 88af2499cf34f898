import type { Migration } from '../migrate.js';

/** Why a request was denied, where that was picked from the list. */
export const denialReasons: Migration = {
  name: '028-denial-reasons',
  up: (db) =>
    db.exec(`ALTER TABLE requests ADD COLUMN denial TEXT CHECK (denial IN ('works', 'talk', 'later', 'who'))`),
};
