import { fileURLToPath } from 'node:url';

/** The bot as a program, beside this file where everything is built. */
export const botProgram = new URL('./index.js', import.meta.url);

/** Every setting with its explanation, beside the folder of the programs. */
export const envExample = fileURLToPath(new URL('../.env.example', import.meta.url));
