/** Loaded before the command line: what is written to it and what it writes are a terminal's, on every platform. */
for (const stream of [process.stdin, process.stdout]) stream.isTTY = true;
process.stdin.setRawMode = () => process.stdin;
process.stdout.columns = Number(process.env.COLUMNS ?? 300);
process.stdout.rows = 40;
