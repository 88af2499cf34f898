import { fileURLToPath } from 'node:url';

/** Every setting with its explanation, beside the folder of the programs. */
export const envExample = fileURLToPath(new URL('../.env.example', import.meta.url));
