import { fileURLToPath } from 'node:url';

// What is built lies beside this file, as what is written does; the programs' folder lies beside their settings.

/** Where the commands lie. */
export const commandsFolder = new URL('./commands/', import.meta.url);

/** The built program of the repair. */
export const repairProgram = fileURLToPath(new URL('./repair/main.cjs', import.meta.url));

/** Every setting with its explanation. */
export const envExample = fileURLToPath(new URL('../.env.example', import.meta.url));
