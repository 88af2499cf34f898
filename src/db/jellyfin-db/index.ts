/** All SQL on Jellyfin's own database. Used by the repair's process only, and only when the server is known to be stopped. */
export { isDisabledByAdmin } from './account-rows.js';
export { changeAccount, type AccountChange, type ChangeReport } from './change-account.js';
export { checkCopy, findInCopy } from './check-copy.js';
export type { AccountWanted } from './find-account.js';
export { digestOf, hashPassword, isPasswordOf } from './hash-password.js';
export { RepairRefusal } from './repair-refusal.js';
export { isHalfWritten } from './rollback-journal.js';
export { isAlike } from './upper-case.js';
