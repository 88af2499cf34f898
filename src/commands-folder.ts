/** Where the commands lie: beside this file, as it is written and as it is built. */
export const commandsFolder = new URL('./commands/', import.meta.url);
