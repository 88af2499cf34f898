import { fileURLToPath } from 'node:url';

/** The built program of the repair: of what is built, everything but the programs themselves lies beside this file. */
export const repairProgram = fileURLToPath(new URL('./repair/main.cjs', import.meta.url));
