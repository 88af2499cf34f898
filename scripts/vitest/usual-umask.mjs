/**
 * Before each test file: a bot takes its whole process's umask from everybody else (src/db/private-file.ts), and the next
 * test file would find it so, in a process that a person would not have.
 */
process.umask(0o022);
